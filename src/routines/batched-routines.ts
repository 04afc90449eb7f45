import { DatabaseError, InstallationError, RetryBudgetError } from '../errors';
import { BatchLoader } from '../util/batch-loader';
import type { RoutineClient } from './routine-client';
import type { SessionRow } from './routine-results';

/** Reads and touches sessions. Concurrent calls share round trips. */
export class BatchedRoutines {
  readonly #gets: BatchLoader<string, SessionRow | undefined>;
  readonly #touches: BatchLoader<{ readonly sid: string; readonly ttlMs: number }, boolean>;

  constructor(routines: RoutineClient) {
    this.#gets = new BatchLoader({
      loadOne: (sid) => routines.get(sid),
      loadMany: async (sids) => {
        const rows = await routines.getMany(sids).catch(noneIfRefused);
        return rows.map((result) => ({ result }));
      },
    });
    this.#touches = new BatchLoader({
      loadOne: ({ sid, ttlMs }) => routines.touch(sid, ttlMs),
      loadMany: async (touches) => {
        const touched = await routines.touchMany(touches).catch(noneIfRefused);
        // A session that was not touched may be locked. `sess_touch` waits for the lock.
        return touched.map((result) => (result ? { result } : undefined));
      },
    });
  }

  get(sid: string): Promise<SessionRow | undefined> {
    return this.#gets.load(sid);
  }

  /** @returns whether the session existed */
  touch(sid: string, ttlMs: number): Promise<boolean> {
    return this.#touches.load({ sid, ttlMs });
  }
}

/**
 * Returns no results if the server refused a batch, and each session gets a separate call. One
 * session may be the cause. Or an upgrade replaces the routine for several sessions.
 */
function noneIfRefused(error: unknown): [] {
  if (error instanceof InstallationError) {
    return [];
  }
  const wasRetried = error instanceof RetryBudgetError;
  if (!wasRetried && error instanceof DatabaseError && error.errno !== undefined) {
    return [];
  }
  throw error;
}
