import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until the answer is yes, every so many milliseconds, for ten seconds at most. */
export async function until(isSo: () => Promise<boolean> | boolean, pause = 10): Promise<void> {
  for (const end = Date.now() + 10_000; !(await isSo()); await sleep(pause)) {
    if (Date.now() > end) {
      throw new Error('It never came');
    }
  }
}
