import { setTimeout as sleep } from 'node:timers/promises';

type Check = () => Promise<boolean> | boolean;

/** Much longer than any wait takes: a busy machine must not fail a test. */
const guardSeconds = 60;

/**
 * Waits until a check is true. Throws after a minute.
 *
 * @param interval milliseconds between two checks
 */
export async function waitUntil(check: Check, interval = 10): Promise<void> {
  if (!(await eventually(check, interval))) {
    throw new Error(`The condition was still false after ${guardSeconds} seconds.`);
  }
}

/** Returns whether a check becomes true within a minute. */
export async function eventually(check: Check, interval = 100): Promise<boolean> {
  for (const end = Date.now() + guardSeconds * 1_000; !(await check()); await sleep(interval)) {
    if (Date.now() > end) return false;
  }
  return true;
}
