import { errno } from '../database/error-codes';
import { DatabaseError } from '../errors';
import { now, sleep } from '../util/timers';

/** How long a call waits for a routine to return, in milliseconds. */
const maxWait = 1_000;

/**
 * Retries a call while an upgrade replaces its routine. Only MariaDB replaces a routine in place.
 * Elsewhere, the installer drops it, creates it and grants it again. A call in between finds no
 * routine or no grant. It has changed nothing, so a retry is safe.
 */
export class UpgradeRetry {
  // A routine that never worked is not being replaced: it is not installed, or not granted.
  readonly #workedBefore = new Set<string>();

  async retryDuringUpgrade<Result>(routine: string, call: () => Promise<Result>): Promise<Result> {
    for (let deadline: number | undefined; ; ) {
      try {
        const result = await call();
        this.#workedBefore.add(routine);
        return result;
      } catch (error) {
        if (!this.#workedBefore.has(routine) || !isMissing(error)) {
          throw error;
        }
        const delay = 10 + 40 * Math.random();
        deadline ??= now() + maxWait;
        if (now() + delay > deadline) {
          // No upgrade takes this long. The next call must not wait again.
          this.#workedBefore.delete(routine);
          throw error;
        }
        await sleep(delay);
      }
    }
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof DatabaseError &&
    (error.errno === errno.noSuchRoutine || error.errno === errno.routineDenied)
  );
}
