import { cleanupBatchSize, cleanupRestFactor } from '../contract';
import { CleanupBlockedError } from '../errors';
import type { RoutineClient } from '../routines/routine-client';
import type { GcResult } from '../routines/routine-results';
import { maxTimeout } from '../util/deadline';
import { callErrorHandler } from '../util/error-handler';
import { clearTimeout, now, setTimeout, sleep } from '../util/timers';

export interface CleanupOptions {
  /** How many sessions a batch deletes at most. */
  readonly limit?: number;
  /** Ends the cleanup after the current batch. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch with the number of sessions deleted until then. */
  readonly onBatch?: (deleted: number) => void;
}

/**
 * Deletes expired sessions in batches, until none is left or other transactions hold all of them.
 */
export async function cleanUp(
  routines: Pick<RoutineClient, 'gc'>,
  { limit = cleanupBatchSize, signal, onBatch = () => {} }: CleanupOptions = {},
): Promise<GcResult> {
  let total = 0;
  for (;;) {
    const startedAt = now();
    const { deleted, overdueMs } = await routines.gc(limit);
    total += deleted;
    onBatch(total);
    const isDone = deleted === 0 || (deleted < limit && overdueMs === null);
    if (isDone || !(await rest(cleanupRestFactor * (now() - startedAt), signal))) {
      return { deleted: total, overdueMs };
    }
  }
}

/** Returns false if the signal ended the pause. */
async function rest(duration: number, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await sleep(duration, undefined, { signal });
    return true;
  } catch (error) {
    if (!signal?.aborted) {
      throw error;
    }
    return false;
  }
}

export interface CleanupSchedulerOptions {
  /** Milliseconds between two cleanups. */
  readonly interval: number;
  /** Runs one cleanup. The signal ends it after the current batch. */
  readonly run: (signal: AbortSignal) => Promise<GcResult>;
  /** Called with the error of a failed cleanup, and if cleanups are blocked. */
  readonly onError: (error: unknown) => void;
}

/** After how many blocked cleanups in a row the handler of errors is called. */
const maxBlockedRuns = 3;

/** Repeats a cleanup. Its timer does not keep the process alive. */
export class CleanupScheduler {
  #timer: NodeJS.Timeout | undefined;
  readonly #stop = new AbortController();
  #blockedRuns = 0;

  constructor(private readonly options: CleanupSchedulerOptions) {
    // A random delay: processes that start together do not clean up together.
    this.#schedule(options.interval * Math.random());
  }

  /** Ends a cleanup that runs, and starts no other one. A batch that was sent still ends. */
  stop(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  #schedule(delay: number): void {
    this.#timer = setTimeout(() => this.#run(), Math.min(delay, maxTimeout)).unref();
  }

  async #run(): Promise<void> {
    const { interval, run, onError } = this.options;
    // Split a large backlog into several cleanups: between them, an idle process can exit.
    const { signal } = this.#stop;
    try {
      const result = await run(AbortSignal.any([signal, AbortSignal.timeout(interval)]));
      this.#checkProgress(result);
    } catch (error) {
      // After `stop`, a failed batch is no news: the connections are closed.
      if (!signal.aborted) {
        callErrorHandler(error, onError, 'onDbCleanupError');
      }
    } finally {
      if (!signal.aborted) {
        this.#schedule(interval * (0.9 + 0.2 * Math.random()));
      }
    }
  }

  // One cleanup may find all expired sessions held by another one, which deletes them.
  #checkProgress({ deleted, overdueMs }: GcResult): void {
    if (deleted > 0 || overdueMs === null || overdueMs < this.options.interval) {
      this.#blockedRuns = 0;
      return;
    }
    this.#blockedRuns++;
    if (this.#blockedRuns === maxBlockedRuns) {
      this.#blockedRuns = 0;
      throw new CleanupBlockedError(overdueMs);
    }
  }
}
