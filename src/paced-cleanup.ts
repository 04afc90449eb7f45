import { setTimeout as sleep } from 'node:timers/promises';
import type { GcResult, Routines } from './routines';

export interface PacedCleanup {
  /** How many sessions a batch deletes at most. */
  readonly limit: number;
  /** Called between two batches; the cleanup ends where it says no. */
  readonly goOn?: () => boolean;
  /** Called after each batch with how many were deleted so far. */
  readonly onBatch?: (deleted: number) => void;
}

/** How many sessions a batch deletes: few enough that the users' calls hardly notice it. */
export const cleanupBatch = 100;

/**
 * Deletes expired sessions, batch after batch, until none is left or another cleanup is found at work. After each
 * batch it rests for six times as long as that took, so that six sevenths of the time are the users'.
 */
export async function cleanUp(
  routines: Pick<Routines, 'gc'>,
  { limit, goOn = () => true, onBatch = () => {} }: PacedCleanup,
): Promise<GcResult> {
  let total = 0;
  for (;;) {
    const begun = performance.now();
    const { deleted, busy } = await routines.gc(limit);
    total += deleted;
    onBatch(total);
    if (busy || deleted < limit || !goOn()) {
      return { deleted: total, busy };
    }
    await sleep(6 * (performance.now() - begun));
  }
}
