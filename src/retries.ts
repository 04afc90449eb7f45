import { setTimeout as sleep } from 'node:timers/promises';
import { DeadlineError } from './deadline';
import { DatabaseError, RetryBudgetError } from './errors';
import { isHostFailure, isTransient } from './servers';

/** The pause after the first failure, and the longest one, in milliseconds. */
const firstPause = 20;
const longestPause = 500;

/** Of the budget, the part that is kept for a last attempt. */
const partOfLastAttempt = 1 / 50;

/** Of the budget, the part that a host of several has for an answer before another one is tried. */
const partOfOneHost = 1 / 3;

/** How an attempt is made: by a deadline of `performance.now()`, or without one. */
type Attempt<Result> = (deadline: number | undefined) => Promise<Result>;

/**
 * Repeats what failed for a moment, for as long as the budget lasts. Whoever calls must not mind that it may have been
 * done before: an answer can be lost.
 */
export class Retries {
  /**
   * @param budget in milliseconds; 0 for a single attempt, however long it takes
   * @param hasSeveralHosts whether another attempt may come to another host
   */
  constructor(
    private readonly budget: number,
    private readonly hasSeveralHosts = false,
  ) {}

  /**
   * @param what it is, for the error
   * @param isBounded whether an attempt is given up at the end of the budget, or may last for as long as it takes
   * @throws {RetryBudgetError} where the budget did not suffice
   */
  async run<Result>(what: string, attempt: Attempt<Result>, isBounded = true): Promise<Result> {
    if (this.budget === 0) {
      return attempt(undefined);
    }
    const begun = performance.now();
    const deadline = begun + this.budget;
    let last: DatabaseError | DeadlineError | undefined;
    for (let attempts = 1; ; attempts++) {
      try {
        return await attempt(isBounded ? this.#deadline(deadline) : undefined);
      } catch (error) {
        const isLate = error instanceof DeadlineError;
        if (!isLate && !(error instanceof DatabaseError && this.#isWorthRepeating(error))) {
          throw error;
        }
        // Of a failure and then no answer, the failure says more.
        last = isLate ? (last ?? error) : error;
        const left = deadline - performance.now() - this.budget * partOfLastAttempt;
        if (left <= 0) {
          throw new RetryBudgetError(what, performance.now() - begun, attempts, last);
        }
        await sleep(Math.min(pauseAfter(attempts), left));
      }
    }
  }

  #deadline(last: number): number {
    const ofOneHost = performance.now() + this.budget * partOfOneHost;
    return this.hasSeveralHosts ? Math.min(ofOneHost, last) : last;
  }

  #isWorthRepeating(error: DatabaseError): boolean {
    return isTransient(error) || (this.hasSeveralHosts && isHostFailure(error));
  }
}

// Up to half of it is left to chance: those that failed together don't come back together.
function pauseAfter(attempts: number): number {
  return Math.min(firstPause * 2 ** (attempts - 1), longestPause) * (0.5 + 0.5 * Math.random());
}
