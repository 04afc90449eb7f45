import { setTimeout as sleep } from 'node:timers/promises';

/** Whether something comes true, at once or within some seconds. */
export async function soon(check: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let patience = 100; patience > 0; patience--) {
    if (await check()) return true;
    await sleep(100);
  }
  return false;
}
