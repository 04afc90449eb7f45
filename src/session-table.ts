import { toldCleanup } from './diagnostics';
import { cleanUp, cleanupBatch } from './paced-cleanup';
import { everyPage, pageSize } from './pages';
import type { Routines, SessionRow } from './routines';

/** How many sessions a batch deletes where all are to go. */
const clearBatch = 1_000;

/** All sessions at once. */
export class SessionTable<Session extends object> {
  /**
   * @param open rejects where the routines must not be called
   * @param read makes a session of its row
   */
  constructor(
    private readonly routines: Routines,
    private readonly open: () => Promise<unknown>,
    private readonly read: (row: SessionRow & { sid: string }) => Session,
  ) {}

  /** Every live session with its id, in the order of the ids. */
  async all(): Promise<Array<Session & { id: string }>> {
    await this.open();
    const rows = await everyPage(
      (after) => this.routines.all(after, pageSize),
      ({ sid }) => sid,
    );
    return rows.map((row) => Object.assign(this.read(row), { id: row.sid }));
  }

  /** The id of every live session, in order. */
  async ids(): Promise<string[]> {
    await this.open();
    return everyPage(
      (after) => this.routines.ids(after, pageSize),
      (sid) => sid,
    );
  }

  /** How many sessions are live. */
  async length(): Promise<number> {
    await this.open();
    return (await this.routines.length()).live;
  }

  /** Deletes every session. */
  async clear(): Promise<void> {
    await this.open();
    while ((await this.routines.clear(clearBatch)) === clearBatch) {
      // The next batch.
    }
  }

  /**
   * Deletes expired sessions, batch after batch, until none is left, another cleanup is found at work or
   * `goOn` says no.
   *
   * @returns how many it deleted
   */
  async gc(goOn: () => boolean = () => true): Promise<number> {
    await this.open();
    const { deleted } = await toldCleanup(() => cleanUp(this.routines, { limit: cleanupBatch, goOn }));
    return deleted;
  }
}
