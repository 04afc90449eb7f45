import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { ArgumentError } from '../errors';
import { describeKind } from '../util/describe';

/** The value of the option `encryption`. */
export interface EncryptionOptions {
  /**
   * One or more keys, each 32 random bytes or their base64 text. `openssl rand -base64 32` makes
   * one. The first key encrypts, and each key decrypts. To change the key, put the new one in
   * front. Remove the old one when no session uses it any more.
   */
  readonly keys: ReadonlyArray<string | Uint8Array>;
  /**
   * Also reads sessions that are not encrypted. Each one is encrypted at its next save. While this
   * is on, an account that can write to the table can forge sessions.
   * @default false
   */
  readonly acceptPlain?: boolean | undefined;
  /**
   * The name of the installation. A row that another installation encrypted with the same key can't
   * be decrypted. All stores of one installation need the same name.
   * @default the option `routinePrefix`
   */
  readonly context?: string | undefined;
}

/** A key, and the id that names it in encrypted sessions. */
export interface EncryptionKey {
  readonly id: string;
  readonly secret: KeyObject;
}

/** The option `encryption` after its check. */
export interface Encryption {
  readonly current: EncryptionKey;
  /** All keys, by their ids. */
  readonly keys: ReadonlyMap<string, EncryptionKey>;
  readonly acceptPlain: boolean;
  /** Undefined if the option `routinePrefix` is the context. */
  readonly context: string | undefined;
}

const known = ['keys', 'acceptPlain', 'context'];

const keyBytes = 32;

/**
 * Checks the option. No error shows the value: it may be a key.
 *
 * @throws {ArgumentError}
 */
export function parseEncryption(value: unknown): Encryption {
  if (
    typeof value !== 'object' ||
    value === null ||
    Array.isArray(value) ||
    value instanceof Uint8Array
  ) {
    throw new ArgumentError('encryption', 'an object such as { keys: [key] }', describeKind(value));
  }
  if (Object.keys(value).some((name) => !known.includes(name))) {
    throw new ArgumentError('encryption', `made of ${known.join(', ')}`, 'another option');
  }
  const acceptPlain: unknown = Reflect.get(value, 'acceptPlain') ?? false;
  if (typeof acceptPlain !== 'boolean') {
    throw new ArgumentError('encryption.acceptPlain', 'a boolean', describeKind(acceptPlain));
  }
  const context: unknown = Reflect.get(value, 'context');
  if (context !== undefined && (typeof context !== 'string' || context === '')) {
    throw new ArgumentError('encryption.context', 'a text, not empty', describeKind(context));
  }
  const keys = parseKeys(Reflect.get(value, 'keys'));
  const byId = new Map(keys.map((key) => [key.id, key]));
  return { current: keys[0], keys: byId, acceptPlain, context };
}

function parseKeys(value: unknown): [EncryptionKey, ...EncryptionKey[]] {
  if (!Array.isArray(value)) {
    throw new ArgumentError('encryption.keys', 'an array of keys', describeKind(value));
  }
  const [first, ...others] = value.map((key, index) => parseKey(`encryption.keys[${index}]`, key));
  if (first === undefined) {
    throw new ArgumentError('encryption.keys', 'an array of at least one key', 'an empty array');
  }
  const keys: [EncryptionKey, ...EncryptionKey[]] = [first, ...others];
  if (new Set(keys.map(({ id }) => id)).size < keys.length) {
    throw new ArgumentError('encryption.keys', 'an array of different keys', 'one key twice');
  }
  return keys;
}

function parseKey(argument: string, value: unknown): EncryptionKey {
  const isText = typeof value === 'string' && /^[A-Za-z0-9+/]{43}=$/.test(value);
  const bytes = isText ? Buffer.from(value, 'base64') : value;
  if (!(bytes instanceof Uint8Array) || bytes.length !== keyBytes) {
    throw new ArgumentError(
      argument,
      `${keyBytes} bytes, or these as base64 (openssl rand -base64 ${keyBytes} makes a key)`,
      bytes instanceof Uint8Array ? `${bytes.length} bytes` : describeKind(value),
    );
  }
  // A KeyObject never prints its bytes, and the caller may wipe the original.
  const secret = createSecretKey(bytes);
  const id = createHmac('sha256', secret)
    .update('knex-mysql-session: id of a key')
    .digest('hex')
    .slice(0, 8);
  return { id, secret };
}
