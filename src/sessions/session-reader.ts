import type { Serializer } from '../options/store-options';
import type { SessionRow } from '../routines/routine-results';
import type { ExpirationPolicy } from './expiration-policy';
import { deserialize } from './serializer';
import type { SessionCipher } from './session-cipher';
import type { StoredId } from './session-id';
import type { Snapshot } from './snapshot-cache';

export interface LoadedSession<Session> {
  readonly session: Session;
  readonly expires: Date;
  readonly snapshot: Snapshot;
}

/** Makes sessions from rows. */
export class SessionReader<Session extends object> {
  constructor(
    private readonly policy: ExpirationPolicy<Session>,
    private readonly cipher: SessionCipher,
    private readonly serializer: Serializer<Session>,
  ) {}

  /**
   * @param startedAt when the call for the row started, as a time of `performance.now()`
   * @throws {SessionFormatError} if the row's text is not a session of this store
   */
  load(
    sid: string,
    storedId: StoredId,
    row: SessionRow,
    startedAt: number,
  ): LoadedSession<Session> {
    const text = this.cipher.decrypt(storedId, row.sess);
    const session = deserialize(this.serializer, text);
    const expires = this.policy.applyExpiration(session, row);
    const expiresAt = startedAt + row.ttlMs;
    const createdAt = startedAt - row.ageMs;
    return { session, expires, snapshot: { sid, storedId, text, expiresAt, createdAt } };
  }
}
