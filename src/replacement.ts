import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError } from './errors';
import { errno } from './servers';

/** The longest that a call waits for a routine to come back, in milliseconds. */
const patience = 1_000;

/**
 * Rides out the moment in which an upgrade replaces a routine. Only MariaDB replaces one in place; elsewhere it
 * is dropped, created and granted again, and a call between these finds no routine, or no right to it. Neither
 * call has done anything, so it can be repeated.
 */
export class Replacement {
  // What never worked is not being replaced: it is not installed, or not granted.
  readonly #worked = new Set<string>();

  async rideOut<Result>(routine: string, call: () => Promise<Result>): Promise<Result> {
    for (let deadline: number | undefined; ; ) {
      try {
        const result = await call();
        this.#worked.add(routine);
        return result;
      } catch (error) {
        if (!this.#worked.has(routine) || !isAbsence(error)) {
          throw error;
        }
        const pause = 10 + 40 * Math.random();
        deadline ??= performance.now() + patience;
        if (performance.now() + pause > deadline) {
          // It is gone for good: the next call shall not wait for it again.
          this.#worked.delete(routine);
          throw error;
        }
        await sleep(pause);
      }
    }
  }
}

function isAbsence(error: unknown): boolean {
  return (
    error instanceof DatabaseError &&
    (error.errno === errno.noSuchRoutine || error.errno === errno.routineDenied)
  );
}
