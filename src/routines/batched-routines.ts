import { DatabaseError, InstallationError, RetryBudgetError } from '../errors';
import { BatchLoader } from '../util/batch-loader';
import type { RoutineClient } from './routine-client';
import type { SessionRow } from './routine-results';
import { byteLengthOf, type NewSession, type Save, type Touch } from './write-list';

/** A batch has at most this many bytes. The time to send more would delay small sessions. */
const maxBatchBytes = 256 * 1_024;

interface QueuedWrite<Write> {
  readonly write: Write;
  /** The share of a batch that the write takes. */
  readonly weight: number;
}

/** Reads and writes sessions. Concurrent calls share round trips. */
export class BatchedRoutines {
  readonly #gets: BatchLoader<string, SessionRow | undefined>;
  readonly #saves: BatchLoader<QueuedWrite<Save>, boolean | null>;
  readonly #creations: BatchLoader<QueuedWrite<NewSession>, void>;

  constructor(routines: RoutineClient) {
    this.#gets = new BatchLoader({
      loadOne: (sid) => routines.get(sid),
      loadMany: async (sids) => {
        const rows = await routines.getMany(sids).catch(noneIfRefused);
        return rows.map((result) => ({ result }));
      },
    });
    this.#saves = new BatchLoader<QueuedWrite<Save>, boolean | null>({
      loadOne: ({ write }) => saveOne(routines, write),
      loadMany: async (items) => {
        const saved = await saveMany(routines, writesOf(items)).catch(noneIfRefused);
        // The routine for one session waits for a lock, and reports why it refuses a session.
        return saved.map((result) => (result ? { result } : undefined));
      },
      keyOf,
      weightOf,
    });
    this.#creations = new BatchLoader<QueuedWrite<NewSession>, void>({
      loadOne: ({ write: { sid, sess, ttlMs } }) => routines.set(sid, sess, ttlMs),
      loadMany: async (items) => {
        const created = await routines.addMany(writesOf(items)).catch(noneIfRefused);
        // The routine for one session replaces a row, too.
        return created.map((isCreated) => (isCreated ? { result: undefined } : undefined));
      },
      keyOf,
      weightOf,
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
    return this.#saves.load(queued(save, maxBytes));
  }

  /**
   * Creates a session, or replaces all of it.
   *
   * @param maxBytes how many bytes fit into a statement
   */
  create(session: NewSession, maxBytes: number): Promise<void> {
    return this.#creations.load(queued(session, maxBytes));
  }
}

const keyOf = ({ write }: QueuedWrite<Save | NewSession>): string => write.sid;

const weightOf = ({ weight }: QueuedWrite<unknown>): number => weight;

function queued<Write extends Save | NewSession>(
  write: Write,
  maxBytes: number,
): QueuedWrite<Write> {
  return { write, weight: byteLengthOf(write) / Math.min(maxBytes, maxBatchBytes) };
}

function writesOf<Write>(items: ReadonlyArray<QueuedWrite<Write>>): Write[] {
  return items.map(({ write }) => write);
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
