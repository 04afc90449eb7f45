import { createHash } from 'node:crypto';

declare const stored: unique symbol;

/** The id of a session as it lies in the table: only this reaches the database. */
export type StoredId = string & { readonly [stored]: true };

/** What the table has for the ids that the application gives. */
export class StoredIds {
  /** @param areHashed whether that is their SHA-256, from which nobody comes back to the id */
  constructor(readonly areHashed: boolean) {}

  of(sid: string): StoredId {
    return (this.areHashed ? sha256(sid) : sid) as StoredId;
  }

  /** The SHA-256 of the session's id: the same before and after ids are hashed. */
  hashOf(id: StoredId): string {
    // A table may still have ids from before.
    return this.areHashed && isHash(id) ? id : sha256(id);
  }
}

/** An id that the table gave. */
export function givenId(id: string): StoredId {
  return id as StoredId;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isHash(id: string): boolean {
  return /^[0-9a-f]{64}$/.test(id);
}
