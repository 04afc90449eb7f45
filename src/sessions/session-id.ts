import { ArgumentError } from '../errors';
import { describeKind } from '../util/describe';
import { sha256 } from '../util/sha256';

/**
 * Returns whether the value is a session id: 1 to 255 visible ASCII characters. Every server
 * compares these exactly. The store never looks up another value that a cookie brings.
 */
export function isSessionId(sid: unknown): sid is string {
  return typeof sid === 'string' && /^[!-~]{1,255}$/.test(sid);
}

/** @throws {ArgumentError} for a value that is not a session id */
export function assertSessionId(sid: unknown): asserts sid is string {
  if (!isSessionId(sid)) {
    // The message does not show the id: a reader of the log could use it.
    const expected = 'a string of 1 to 255 visible ASCII characters';
    throw new ArgumentError('sid', expected, describeKind(sid));
  }
}

declare const stored: unique symbol;

/** The id of a session in the table. Routines accept no other id. */
export type StoredId = string & { readonly [stored]: true };

/** Marks an id that came from the table. */
export function asStoredId(id: string): StoredId {
  return id as StoredId;
}

/** Converts the application's session ids to stored ids. */
export class SessionIdHasher {
  /** @param hashIds whether the stored id is the SHA-256 of the session id */
  constructor(private readonly hashIds: boolean) {}

  toStoredId(sid: string): StoredId {
    return asStoredId(this.hashIds ? sha256(sid) : sid);
  }

  /** Returns the SHA-256 of the session id. It is the same before and after ids are hashed. */
  hashOf(id: StoredId): string {
    // A table can still have ids from before `hashIds` was set.
    const isHashed = this.hashIds && /^[0-9a-f]{64}$/.test(id);
    return isHashed ? id : sha256(id);
  }
}
