import type { SessionRow } from './routines';
import { deserialize } from './serializer';
import type { Settings } from './settings';
import type { Snapshot } from './snapshots';
import type { StoredId } from './stored-ids';
import type { Terms } from './terms';

/** A session that was read, and what is known of it. */
export interface Loaded<Session> {
  readonly session: Session;
  /** When it ends. */
  readonly expires: Date;
  readonly snapshot: Snapshot;
}

/** Makes sessions of their rows. */
export class SessionRows<Session extends object> {
  constructor(
    private readonly settings: Pick<Settings<Session>, 'serializer' | 'sealing'>,
    private readonly terms: Terms<Session>,
  ) {}

  /**
   * @param sid by which the application calls it
   * @param asked when the row was asked for, by `performance.now()`
   * @throws {SessionFormatError} where the row holds no session that this store reads
   */
  load(sid: string, storedId: StoredId, row: SessionRow, asked: number): Loaded<Session> {
    const text = this.settings.sealing.open(storedId, row.sess);
    const session = deserialize(this.settings.serializer, text);
    const expires = this.terms.show(session, row);
    return {
      session,
      expires,
      snapshot: { sid, storedId, text, endsAt: asked + row.ttlMs, bornAt: asked - row.ageMs },
    };
  }
}
