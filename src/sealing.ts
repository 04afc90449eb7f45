import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Encryption, SealingKey } from './encryption';
import { SessionFormatError } from './errors';
import { type SealedParts, sealedParts, sealedText } from './sealed-text';
import type { StoredId, StoredIds } from './stored-ids';

/** How the text of a session lies in the table. */
export interface Sealing {
  seal(id: StoredId, text: string): string;
  /** @throws {SessionFormatError} where the text is not one that was sealed for this session */
  open(id: StoredId, stored: string): string;
}

/** As it is. */
export const unsealed: Sealing = {
  seal: (_id, text) => text,

  // Read as a session, it would be an empty one, and be written over.
  open(_id, stored) {
    if (sealedParts(stored)) {
      throw new SessionFormatError('The session is encrypted, and the store has no option `encryption`');
    }
    return stored;
  },
};

const algorithm = 'aes-256-gcm';
const version = 1;
/** What GCM is made for, and the only lengths that are taken. */
const lengths = { iv: 12, tag: 16 };

/** Encrypted, and of use to nobody in the row of another session. */
export class Sealed implements Sealing {
  readonly #encryption: Encryption;
  readonly #ids: StoredIds;

  constructor(encryption: Encryption, ids: StoredIds) {
    this.#encryption = encryption;
    this.#ids = ids;
  }

  seal(id: StoredId, text: string): string {
    const { current } = this.#encryption;
    const iv = randomBytes(lengths.iv);
    const cipher = createCipheriv(algorithm, current.secret, iv, { authTagLength: lengths.tag });
    cipher.setAAD(this.#bond(id));
    const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return sealedText({
      v: version,
      iv: iv.toString('base64'),
      key: current.id,
      tag: cipher.getAuthTag().toString('base64'),
      data: data.toString('base64'),
    });
  }

  open(id: StoredId, stored: string): string {
    const parts = sealedParts(stored);
    if (parts === undefined) {
      if (this.#encryption.acceptPlain) {
        return stored;
      }
      throw new SessionFormatError(
        'The session is not encrypted: with the option `encryption` such a one is read only where `acceptPlain` is true',
      );
    }
    if (parts.v !== version) {
      throw new SessionFormatError(
        'The session is encrypted in a form that this version of the package does not know',
      );
    }
    return this.#decrypt(id, parts, this.#key(parts));
  }

  #key({ key: id }: SealedParts): SealingKey {
    const key = typeof id === 'string' ? this.#encryption.keys.get(id) : undefined;
    if (key === undefined) {
      // Whatever else it says may be anything.
      const named = typeof id === 'string' && /^[0-9a-f]{8}$/.test(id) ? ` ${id}` : '';
      throw new SessionFormatError(
        `The session is encrypted with a key${named} that is not among \`encryption.keys\``,
      );
    }
    return key;
  }

  #decrypt(id: StoredId, { iv, tag, data }: SealedParts, { secret }: SealingKey): string {
    try {
      const decipher = createDecipheriv(algorithm, secret, bytes(iv, lengths.iv), {
        authTagLength: lengths.tag,
      });
      decipher.setAAD(this.#bond(id));
      decipher.setAuthTag(bytes(tag, lengths.tag));
      return Buffer.concat([decipher.update(bytes(data)), decipher.final()]).toString('utf8');
    } catch {
      throw new SessionFormatError(
        'The session can not be decrypted: what the table holds was changed, or is that of another session',
      );
    }
  }

  // The hash, which is known of a session that was found without its id, and stays when ids are hashed later on.
  #bond(id: StoredId): Buffer {
    return Buffer.from(`knex-mysql-session:${version}:${this.#ids.hashOf(id)}`);
  }
}

function bytes(base64: unknown, length?: number): Buffer {
  const decoded = Buffer.from(String(base64), 'base64');
  if (length !== undefined && decoded.length !== length) {
    throw new RangeError('A part of the sealed text has another length');
  }
  return decoded;
}
