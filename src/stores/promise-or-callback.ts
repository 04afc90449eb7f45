import { ArgumentError } from '../errors';
import { describe } from '../util/describe';
import { nextTick } from '../util/timers';

export type Callback<Value> = (error: unknown, value?: Value) => void;

/**
 * Runs the call. Passes its result to the callback, once and asynchronously, or without a callback
 * returns the promise.
 *
 * @throws {ArgumentError} for a callback that is not a function; the call does not run
 */
export function promiseOrCallback<Value>(
  call: () => Promise<Value>,
  callback: Callback<Value> | null | undefined,
): Promise<Value> | undefined {
  if (callback === undefined || callback === null) {
    const result = call();
    // express-session ignores the promise of `destroy`: its rejection must not end the process.
    result.catch(() => {});
    return result;
  }
  if (typeof callback !== 'function') {
    throw new ArgumentError('callback', 'a function, or omitted', describe(callback));
  }
  // Call back outside the promise: an error of the callback belongs to the application.
  call().then(
    (value) => nextTick(callback, null, value),
    (error) => nextTick(callback, error),
  );
  return undefined;
}
