import { DatabaseError, InstallationError, RetryBudgetError } from '../errors';
import { BatchLoader } from '../util/batch-loader';
import type { RoutineClient } from './routine-client';
import type { SessionRow } from './routine-results';
import { byteLengthOf, type Save, type Touch } from './save-list';

/** A batch has at most this many bytes. The time to send more would delay small sessions. */
const maxSaveBytes = 256 * 1_024;

interface QueuedSave {
  readonly save: Save;
  /** The share of a batch that the save takes. */
  readonly weight: number;
}

/** Reads and saves sessions. Concurrent calls share round trips. */
export class BatchedRoutines {
  readonly #gets: BatchLoader<string, SessionRow | undefined>;
  readonly #saves: BatchLoader<QueuedSave, boolean | null>;

  constructor(routines: RoutineClient) {
    this.#gets = new BatchLoader({
      loadOne: (sid) => routines.get(sid),
      loadMany: async (sids) => {
        const rows = await routines.getMany(sids).catch(noneIfRefused);
        return rows.map((result) => ({ result }));
      },
    });
    this.#saves = new BatchLoader({
      loadOne: ({ save }) => saveOne(routines, save),
      loadMany: async (items) => {
        const saved = await saveMany(
          routines,
          items.map(({ save }) => save),
        ).catch(noneIfRefused);
        // The routine for one session waits for a lock, and reports why it refuses a session.
        return saved.map((result) => (result ? { result } : undefined));
      },
      keyOf: ({ save }) => save.sid,
      weightOf: ({ weight }) => weight,
    });
  }

  get(sid: string): Promise<SessionRow | undefined> {
    return this.#gets.load(sid);
  }

  /**
   * Saves of one session are made one at a time, in the order of the calls.
   *
   * @param maxBytes how many bytes fit into a statement
   * @returns whether the session existed; null for a merge that is too long: nothing was changed
   */
  save(save: Save, maxBytes: number): Promise<boolean | null> {
    return this.#saves.load({
      save,
      weight: byteLengthOf(save) / Math.min(maxBytes, maxSaveBytes),
    });
  }
}

function saveOne(routines: RoutineClient, save: Save): Promise<boolean | null> {
  switch (save.kind) {
    case 'touch':
      return routines.touch(save.sid, save.ttlMs);
    case 'merge':
      return routines.merge(save.sid, save.changed, save.removed, save.ttlMs);
    case 'update':
      return routines.update(save.sid, save.sess, save.ttlMs);
  }
}

function saveMany(routines: RoutineClient, saves: readonly Save[]): Promise<boolean[]> {
  const isTouch = (save: Save): save is Touch => save.kind === 'touch';
  return saves.every(isTouch) ? routines.touchMany(saves) : routines.saveMany(saves);
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
