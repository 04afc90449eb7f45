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
  /** Called after each batch. The cleanup ends when it returns false. */
  readonly shouldContinue?: () => boolean;
  /** Called after each batch with the number of sessions deleted until then. */
  readonly onBatch?: (deleted: number) => void;
}

/**
 * Deletes expired sessions in batches, until none is left or other transactions hold all of them.
 */
export async function cleanUp(
  routines: Pick<RoutineClient, 'gc'>,
  {
    limit = cleanupBatchSize,
    shouldContinue = () => true,
    onBatch = () => {},
  }: CleanupOptions = {},
): Promise<GcResult> {
  let total = 0;
  for (;;) {
    const startedAt = now();
    const { deleted, overdueMs } = await routines.gc(limit);
    total += deleted;
    onBatch(total);
    const isDone = deleted === 0 || (deleted < limit && overdueMs === null);
    if (isDone || !shouldContinue()) {
      return { deleted: total, overdueMs };
    }
    await sleep(cleanupRestFactor * (now() - startedAt));
  }
}

export interface CleanupSchedulerOptions {
  /** Milliseconds between two cleanups. */
  readonly interval: number;
  /** Runs one cleanup. It ends after a batch when `shouldContinue` returns false. */
  readonly run: (shouldContinue: () => boolean) => Promise<GcResult>;
  /** Called with the error of a failed cleanup, and if cleanups are blocked. */
  readonly onError: (error: unknown) => void;
}

/** After how many blocked cleanups in a row the handler of errors is called. */
const maxBlockedRuns = 3;

/** Repeats a cleanup. Its timer does not keep the process alive. */
export class CleanupScheduler {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;
  #blockedRuns = 0;

  constructor(private readonly options: CleanupSchedulerOptions) {
    // A random delay: processes that start together do not clean up together.
    this.#schedule(options.interval * Math.random());
  }

  /** Resolves when the current batch is done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(delay: number): void {
    const start = () => {
      this.#running = this.#run();
    };
    this.#timer = setTimeout(start, Math.min(delay, maxTimeout)).unref();
  }

  async #run(): Promise<void> {
    const { interval, run, onError } = this.options;
    // Split a large backlog into several cleanups: between them, an idle process can exit.
    const deadline = now() + interval;
    try {
      const result = await run(() => !this.#stopped && now() < deadline);
      this.#checkProgress(result);
    } catch (error) {
      callErrorHandler(error, onError, 'onDbCleanupError');
    } finally {
      if (!this.#stopped) {
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
