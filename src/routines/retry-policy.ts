import { isTransient } from '../database/error-codes';
import { DatabaseError, RetryBudgetError } from '../errors';
import { DeadlineError } from '../util/deadline';
import { now, sleep } from '../util/timers';

/** The delays before the first retry and before later ones, in milliseconds. */
const firstDelay = 20;
const maxDelay = 500;

/** The share of the budget that remains for a last attempt. */
const lastAttemptShare = 1 / 50;

/** The share of the budget after which an attempt times out: another connection may answer. */
const attemptShare = 1 / 3;

/** Makes a call by a deadline on the clock of `performance.now()`; undefined for no deadline. */
type Attempt<Result> = (deadline: number | undefined) => Promise<Result>;

/**
 * Retries transient failures within a budget. A call may run twice, because an answer can get lost:
 * use it only for calls that can be repeated.
 */
export class RetryPolicy {
  /** @param budget in milliseconds; 0 for a single attempt without a time limit */
  constructor(private readonly budget: number) {}

  /**
   * @param name of the call, for the error
   * @param isBounded whether an attempt times out
   * @throws {RetryBudgetError} if the budget is used up
   */
  async run<Result>(name: string, attempt: Attempt<Result>, isBounded = true): Promise<Result> {
    if (this.budget === 0) {
      return attempt(undefined);
    }
    const startedAt = now();
    const end = startedAt + this.budget;
    let lastError: DatabaseError | DeadlineError | undefined;
    for (let attempts = 1; ; attempts++) {
      try {
        return await attempt(isBounded ? this.#attemptDeadline(end) : undefined);
      } catch (error) {
        const isLate = error instanceof DeadlineError;
        if (!isLate && !(error instanceof DatabaseError && isTransient(error))) {
          throw error;
        }
        // A failure says more than a timeout that follows it.
        lastError = isLate ? (lastError ?? error) : error;
        const remaining = end - now() - this.budget * lastAttemptShare;
        if (remaining <= 0) {
          throw new RetryBudgetError(name, now() - startedAt, attempts, lastError);
        }
        await sleep(Math.min(delayAfter(attempts), remaining));
      }
    }
  }

  #attemptDeadline(end: number): number {
    return Math.min(now() + this.budget * attemptShare, end);
  }
}

// Exponential backoff. Half of it is random, so calls that failed together do not retry together.
function delayAfter(attempts: number): number {
  return Math.min(firstDelay * 2 ** (attempts - 1), maxDelay) * (0.5 + 0.5 * Math.random());
}
