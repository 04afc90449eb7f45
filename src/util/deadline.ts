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

interface Wait {
  readonly deadline: number;
  readonly expire: () => void;
}

const waits = new Set<Wait>();

/**
 * All waits share a timer. Most end long before it fires, and leave it to later ones. It keeps the
 * process alive only while there are waits.
 */
let timer: NodeJS.Timeout | undefined;
let timerDeadline = Number.POSITIVE_INFINITY;

/**
 * Waits for a promise until a deadline.
 *
 * @param deadline on the clock of `performance.now()`; Infinity for no deadline
 * @param message for the error
 * @param onLateResult receives a result that comes after the deadline
 * @throws {DeadlineError}
 */
export function withDeadline<Result>(
  promise: Promise<Result>,
  deadline: number,
  message: string,
  onLateResult: (result: Result) => void = () => {},
): Promise<Result> {
  // setTimeout would fire at once: it reads Infinity as 1 ms.
  if (deadline === Number.POSITIVE_INFINITY) {
    return promise;
  }
  return new Promise((resolve, reject) => {
    const wait = { deadline, expire: () => reject(new DeadlineError(message)) };
    waits.add(wait);
    startTimer(deadline);
    promise.then(
      (result) => {
        if (endWait(wait)) {
          resolve(result);
        } else {
          promise.then(onLateResult).catch(() => {});
        }
      },
      (error) => {
        endWait(wait);
        // After the deadline, this does nothing.
        reject(error);
      },
    );
  });
}

function startTimer(deadline: number): void {
  if (deadline < timerDeadline) {
    clearTimeout(timer);
    timerDeadline = deadline;
    const delay = Math.min(Math.max(deadline - now(), 0), maxTimeout);
    timer = setTimeout(expireWaits, delay);
  } else if (waits.size === 1) {
    timer?.ref();
  }
}

/** Returns whether the wait had not expired. */
function endWait(wait: Wait): boolean {
  const isEnded = waits.delete(wait);
  if (waits.size === 0) {
    timer?.unref();
  }
  return isEnded;
}

function expireWaits(): void {
  timerDeadline = Number.POSITIVE_INFINITY;
  let next = Number.POSITIVE_INFINITY;
  for (const wait of waits) {
    if (wait.deadline <= now()) {
      waits.delete(wait);
      wait.expire();
    } else {
      next = Math.min(next, wait.deadline);
    }
  }
  if (next < Number.POSITIVE_INFINITY) {
    startTimer(next);
  }
}
