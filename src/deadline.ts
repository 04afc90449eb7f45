/** Error thrown when something was not done by its deadline. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/**
 * The outcome of the work, if it comes by the deadline; whatever comes later is ignored.
 *
 * @param deadline by `performance.now()`; Infinity for none
 * @param lateness what the error is to say
 * @throws {DeadlineError} where it does not come
 */
export async function byDeadline<Result>(
  deadline: number,
  work: Promise<Result>,
  lateness: string,
): Promise<Result> {
  // A timer takes it for no time at all.
  if (deadline === Number.POSITIVE_INFINITY) {
    return work;
  }
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const left = Math.max(deadline - performance.now(), 0);
    timer = setTimeout(() => reject(new DeadlineError(lateness)), left);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
