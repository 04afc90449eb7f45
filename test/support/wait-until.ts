import { setTimeout as sleep } from 'node:timers/promises';

type Check = () => Promise<boolean> | boolean;

/**
 * Waits until a check is true. Throws after 10 seconds.
 *
 * @param interval milliseconds between two checks
 */
export async function waitUntil(check: Check, interval = 10): Promise<void> {
  if (!(await eventually(check, interval))) {
    throw new Error('The condition was still false after 10 seconds.');
  }
}

/** Returns whether a check becomes true within 10 seconds. */
export async function eventually(check: Check, interval = 100): Promise<boolean> {
  for (const end = Date.now() + 10_000; !(await check()); await sleep(interval)) {
    if (Date.now() > end) return false;
  }
  return true;
}
