import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { SessionFormatError } from '../errors';
import type { Encryption, EncryptionKey } from '../options/encryption';
import type { ResolvedOptions } from '../options/resolve-options';
import type { SessionIdHasher, StoredId } from './session-id';

/** Converts a session's text to the text in the table, and back. */
export interface SessionCipher {
  encrypt(id: StoredId, text: string): string;
  /** @throws {SessionFormatError} for a text that this cipher did not encrypt for this session */
  decrypt(id: StoredId, stored: string): string;
}

/** Returns the cipher for the option `encryption`. The prefix is the context by default. */
export function createCipher(
  { encryption, routinePrefix }: Pick<ResolvedOptions<object>, 'encryption' | 'routinePrefix'>,
  idHasher: SessionIdHasher,
): SessionCipher {
  return encryption
    ? new AesGcmCipher(encryption, encryption.context ?? routinePrefix, idHasher)
    : plainTextCipher;
}

/** Stores the text unchanged. */
export const plainTextCipher: SessionCipher = {
  encrypt: (_id, text) => text,

  decrypt(_id, stored) {
    // Without this check, the application would get an empty session and overwrite this one.
    if (parseEnvelope(stored)) {
      throw new SessionFormatError(
        'The session is encrypted, but the store has no option `encryption`',
      );
    }
    return stored;
  },
};

const algorithm = 'aes-256-gcm';
const version = 1;
/** The lengths that NIST SP 800-38D recommends. No other length is valid here. */
const lengths = { iv: 12, tag: 16 };

/** Encrypts the text. Only the same session in the same installation can decrypt it. */
export class AesGcmCipher implements SessionCipher {
  readonly #encryption: Encryption;
  readonly #context: string;
  readonly #idHasher: SessionIdHasher;

  constructor(encryption: Encryption, context: string, idHasher: SessionIdHasher) {
    this.#encryption = encryption;
    this.#context = context;
    this.#idHasher = idHasher;
  }

  encrypt(id: StoredId, text: string): string {
    const { current } = this.#encryption;
    const iv = randomBytes(lengths.iv);
    const cipher = createCipheriv(algorithm, current.secret, iv, { authTagLength: lengths.tag });
    cipher.setAAD(this.#authenticatedData(id));
    const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return formatEnvelope({
      v: version,
      iv: iv.toString('base64'),
      key: current.id,
      tag: cipher.getAuthTag().toString('base64'),
      data: data.toString('base64'),
    });
  }

  decrypt(id: StoredId, stored: string): string {
    const envelope = parseEnvelope(stored);
    if (envelope === undefined) {
      if (this.#encryption.acceptPlain) {
        return stored;
      }
      throw new SessionFormatError(
        'The session is not encrypted. A store with `encryption` reads it only if `acceptPlain` is true',
      );
    }
    if (envelope.v !== version) {
      throw new SessionFormatError(
        'The session is encrypted in a format that this version of the package does not know',
      );
    }
    return this.#decrypt(id, envelope, this.#key(envelope));
  }

  #key({ key: id }: Envelope): EncryptionKey {
    const key = typeof id === 'string' ? this.#encryption.keys.get(id) : undefined;
    if (key === undefined) {
      // Show only what looks like the id of a key: a changed row can hold any data here.
      const name = typeof id === 'string' && /^[0-9a-f]{8}$/.test(id) ? ` ${id}` : '';
      throw new SessionFormatError(
        `The session is encrypted with a key${name} that is not among \`encryption.keys\``,
      );
    }
    return key;
  }

  #decrypt(id: StoredId, { iv, tag, data }: Envelope, { secret }: EncryptionKey): string {
    try {
      const decipher = createDecipheriv(algorithm, secret, decodeBase64(iv, lengths.iv), {
        authTagLength: lengths.tag,
      });
      decipher.setAAD(this.#authenticatedData(id));
      decipher.setAuthTag(decodeBase64(tag, lengths.tag));
      return Buffer.concat([decipher.update(decodeBase64(data)), decipher.final()]).toString();
    } catch {
      throw new SessionFormatError(
        'The session cannot be decrypted: its row was changed, or has the text of ' +
          'another session or installation',
      );
    }
  }

  // Use the hash of the id. `findBy` knows no other id, and it stays when ids are hashed later.
  #authenticatedData(id: StoredId): Buffer {
    const hash = this.#idHasher.hashOf(id);
    return Buffer.from(`knex-mysql-session:${version}:${hash}:${this.#context}`);
  }
}

function decodeBase64(base64: unknown, length?: number): Buffer {
  const decoded = Buffer.from(String(base64), 'base64');
  if (length !== undefined && decoded.length !== length) {
    throw new RangeError(`Expected ${length} bytes, got ${decoded.length}`);
  }
  return decoded;
}

/** The parts of an encrypted session. The values of a parsed envelope are not checked yet. */
interface Envelope {
  /** The version of the format. */
  readonly v: unknown;
  /** The initialization vector as base64. Each encryption has a new one. */
  readonly iv: unknown;
  /** The id of the key. */
  readonly key: unknown;
  /** The authentication tag as base64. */
  readonly tag: unknown;
  /** The encrypted text as base64. */
  readonly data: unknown;
}

/** MySQL orders JSON keys like this. So each server returns a text that starts with "v". */
const names = ['v', 'iv', 'key', 'tag', 'data'] as const;

/** Returns the envelope as JSON, because the column is JSON. */
function formatEnvelope(envelope: Envelope): string {
  return JSON.stringify(envelope, [...names]);
}

/** Returns undefined for a text that is not an envelope. */
function parseEnvelope(text: string): Envelope | undefined {
  // Most plain sessions do not start like this: do not parse them.
  if (!/^\s*\{\s*"v"\s*:\s*\d/.test(text)) {
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isEnvelope(value) ? value : undefined;
}

function isEnvelope(value: unknown): value is Envelope {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === names.length &&
    names.every((name) => Object.hasOwn(value, name))
  );
}
