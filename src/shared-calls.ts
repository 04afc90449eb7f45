import { Batches } from './batches';
import { DatabaseError, InstallationError, RetryBudgetError } from './errors';
import type { Routines, SessionRow } from './routines';
import type { StoredId } from './stored-ids';

/** Calls that share a round trip when there are many. */
export class SharedCalls {
  readonly #gets: Batches<StoredId, SessionRow | undefined>;
  readonly #touches: Batches<{ readonly sid: StoredId; readonly ttlMs: number }, boolean>;

  constructor(routines: Routines) {
    this.#gets = new Batches({
      one: (sid) => routines.get(sid),
      many: async (sids) => (await routines.getMany(sids).catch(noneIfRefused)).map((result) => ({ result })),
    });
    this.#touches = new Batches({
      one: ({ sid, ttlMs }) => routines.touch(sid, ttlMs),
      many: async (touches) => {
        const touched = await routines.touchMany(touches).catch(noneIfRefused);
        // Of one that was not touched, it is not known yet why.
        return touched.map((result) => (result ? { result } : undefined));
      },
    });
  }

  get(sid: StoredId): Promise<SessionRow | undefined> {
    return this.#gets.call(sid);
  }

  /** @returns whether the session was still there */
  touch(sid: StoredId, ttlMs: number): Promise<boolean> {
    return this.#touches.call({ sid, ttlMs });
  }
}

/**
 * What the server refused together may be the fault of one, or its routine may be away, which an upgrade replaces: then
 * each is called for alone.
 */
function noneIfRefused(error: unknown): [] {
  if (error instanceof InstallationError) {
    return [];
  }
  const wasRepeated = error instanceof RetryBudgetError;
  if (!wasRepeated && error instanceof DatabaseError && error.errno !== undefined) {
    return [];
  }
  throw error;
}
