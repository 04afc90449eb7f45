import { traceCleanup } from '../routines/diagnostics';
import type { RoutineAccess } from '../routines/routine-access';
import type { RoutineClient } from '../routines/routine-client';
import type { GcResult, SessionRow } from '../routines/routine-results';
import { collectPages } from '../util/paginate';
import { now } from '../util/timers';
import { cleanUp } from './cleanup';
import { asStoredId } from './session-id';
import type { LoadedSession, SessionReader } from './session-reader';

/** How many sessions one call of `sess_clear` deletes at most. */
const clearBatchSize = 1_000;

/** Reads, counts and deletes many sessions: all, or the expired ones. */
export class BulkOperations<Session extends object> {
  constructor(
    private readonly access: RoutineAccess,
    private readonly reader: SessionReader<Session>,
  ) {}

  /** Returns every live session with its id, in the order of the ids. */
  async all(): Promise<Array<Session & { id: string }>> {
    await this.access.open();
    const rows = await collectPages(
      (after, limit) => this.access.routines.all(after, limit),
      ({ sid }) => sid,
    );
    const readAt = now();
    return rows.map((row) => Object.assign(this.#load(row, readAt).session, { id: row.sid }));
  }

  /** Returns the id of every live session, in order. */
  async ids(): Promise<string[]> {
    await this.access.open();
    return collectPages(
      (after, limit) => this.access.routines.ids(after, limit),
      (sid) => sid,
    );
  }

  /** Returns the number of live sessions. */
  async length(): Promise<number> {
    await this.access.open();
    return (await this.access.routines.length()).live;
  }

  async clear(): Promise<void> {
    await this.access.open();
    await clearAll(this.access.routines);
  }

  /**
   * Deletes expired sessions in batches, until none is left or other transactions hold all of them.
   *
   * @param signal ends the cleanup after the current batch
   */
  async gc(signal?: AbortSignal): Promise<GcResult> {
    await this.access.open();
    return traceCleanup(() => cleanUp(this.access.routines, { signal }));
  }

  #load(row: SessionRow & { readonly sid: string }, startedAt: number): LoadedSession<Session> {
    return this.reader.load(row.sid, asStoredId(row.sid), row, startedAt);
  }
}

/** Deletes all sessions, live or expired, in batches. Returns the number of them. */
export async function clearAll(routines: Pick<RoutineClient, 'clear'>): Promise<number> {
  for (let total = 0; ; ) {
    const deleted = await routines.clear(clearBatchSize);
    total += deleted;
    if (deleted < clearBatchSize) {
      return total;
    }
  }
}
