import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Begins so many calls a second, whether or not those before have ended: a load that does not slow down when the
 * store does.
 *
 * @param begin told the number of the call, from 0, and when it was to be made
 */
export async function pace(
  callsASecond: number,
  goesOn: () => boolean,
  begin: (number: number, planned: number) => void,
): Promise<void> {
  const start = performance.now();
  for (let begun = 0; goesOn(); ) {
    const due = ((performance.now() - start) / 1_000) * callsASecond;
    for (; begun < due; begun++) begin(begun, start + (begun / callsASecond) * 1_000);
    await sleep(1);
  }
}
