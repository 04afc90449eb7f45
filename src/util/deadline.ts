import { clearTimeout, now, setTimeout } from './timers';
/** Error thrown when a deadline passed. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/**
 * The longest delay of a Node.js timer, in milliseconds.
 * https://nodejs.org/api/timers.html#settimeoutcallback-delay-args
 */
export const maxTimeout = 2_147_483_647;

/**
 * Waits for a promise until a deadline.
 *
 * @param deadline on the clock of `performance.now()`; Infinity for no deadline
 * @param message for the error
 * @param onLateResult receives a result that comes after the deadline
 * @throws {DeadlineError}
 */
export async function withDeadline<Result>(
  promise: Promise<Result>,
  deadline: number,
  message: string,
  onLateResult: (result: Result) => void = () => {},
): Promise<Result> {
  // setTimeout would fire at once: it reads Infinity as 1 ms.
  if (deadline === Number.POSITIVE_INFINITY) {
    return promise;
  }
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const remaining = Math.max(deadline - now(), 0);
    timer = setTimeout(() => {
      reject(new DeadlineError(message));
      promise.then(onLateResult).catch(() => {});
    }, remaining);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
