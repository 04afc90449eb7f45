import { ArgumentError, describe } from './errors';

export type Callback<Value> = (error: unknown, value?: Value) => void;

/**
 * Does the work and hands its result to the callback, once and asynchronously, or gives the promise where
 * there is no callback. express-session calls `destroy` without one and forgets what comes back, so a
 * rejection that nobody waits for must not count as unhandled.
 *
 * @throws {ArgumentError} for a callback that is no function, before any work is done
 */
export function settle<Value>(
  work: () => Promise<Value>,
  callback: Callback<Value> | null | undefined,
): Promise<Value> | undefined {
  if (callback === undefined || callback === null) {
    const result = work();
    result.catch(() => {});
    return result;
  }
  if (typeof callback !== 'function') {
    throw new ArgumentError('callback', 'a function, or left out', describe(callback));
  }
  // Outside the promise: what the callback throws is the application's, and never comes back as an error.
  work().then(
    (value) => process.nextTick(callback, null, value),
    (error) => process.nextTick(callback, error),
  );
  return undefined;
}
