import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { ArgumentError, describeKind } from './errors';

/** What the option `encryption` takes. */
export interface EncryptionOptions {
  /**
   * One key or more, each 32 random bytes, or these as base64: `openssl rand -base64 32` makes one. The first encrypts,
   * and each decrypts: to change the key, put the new one in front, and take the old one away when no session has it
   * any more.
   */
  readonly keys: ReadonlyArray<string | Uint8Array>;
  /**
   * Whether sessions from before the encryption are read too; each is encrypted when it is next written. Whoever can write to
   * the table can forge sessions for as long as this is on.
   * @default false
   */
  readonly acceptPlain?: boolean | undefined;
}

/** A key, and the id by which sealed texts name it. */
export interface SealingKey {
  readonly id: string;
  readonly secret: KeyObject;
}

/** The option `encryption`, found right. */
export interface Encryption {
  readonly current: SealingKey;
  /** All of them, by their ids. */
  readonly keys: ReadonlyMap<string, SealingKey>;
  readonly acceptPlain: boolean;
}

const known = ['keys', 'acceptPlain'];

const keyBytes = 32;

/**
 * Checks the option. No message shows what came: it may be a key.
 *
 * @throws {ArgumentError}
 */
export function encryptionOf(value: unknown): Encryption {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) {
    throw new ArgumentError('encryption', 'an object such as { keys: [key] }', describeKind(value));
  }
  if (Object.keys(value).some((name) => !known.includes(name))) {
    throw new ArgumentError('encryption', `made of ${known.join(' and ')}`, 'something else besides');
  }
  const acceptPlain: unknown = Reflect.get(value, 'acceptPlain') ?? false;
  if (typeof acceptPlain !== 'boolean') {
    throw new ArgumentError('encryption.acceptPlain', 'a boolean', describeKind(acceptPlain));
  }
  const keys = keysOf(Reflect.get(value, 'keys'));
  return { current: keys[0], keys: new Map(keys.map((key) => [key.id, key])), acceptPlain };
}

function keysOf(value: unknown): [SealingKey, ...SealingKey[]] {
  if (!Array.isArray(value)) {
    throw new ArgumentError('encryption.keys', 'an array of keys', describeKind(value));
  }
  const [first, ...others] = value.map((key, index) => keyOf(`encryption.keys[${index}]`, key));
  if (first === undefined) {
    throw new ArgumentError('encryption.keys', 'an array of one key or more', 'an empty one');
  }
  const keys: [SealingKey, ...SealingKey[]] = [first, ...others];
  if (new Set(keys.map(({ id }) => id)).size < keys.length) {
    throw new ArgumentError('encryption.keys', 'keys of which no two are the same', 'one twice');
  }
  return keys;
}

function keyOf(argument: string, value: unknown): SealingKey {
  const isText = typeof value === 'string' && /^[A-Za-z0-9+/]{43}=$/.test(value);
  const bytes = isText ? Buffer.from(value, 'base64') : value;
  if (!(bytes instanceof Uint8Array) || bytes.length !== keyBytes) {
    throw new ArgumentError(
      argument,
      `${keyBytes} bytes, or these as base64 (openssl rand -base64 ${keyBytes} makes a key)`,
      bytes instanceof Uint8Array ? `${bytes.length} bytes` : describeKind(value),
    );
  }
  // The caller may wipe the bytes afterwards, and nothing that prints a store prints them.
  const secret = createSecretKey(bytes);
  const id = createHmac('sha256', secret).update('knex-mysql-session: id of a key').digest('hex').slice(0, 8);
  return { id, secret };
}
