import test from 'ava';
import { isFullRun, sampleOf } from '../support/scale';
import type { Closing } from './gate';
import { assertCompletes, interrupt, runUndisturbed } from './interruption';
import { operations } from './operations';

/** Each way to interrupt an operation, and at how many moments. */
const ways: Array<[how: string, closing: Closing, moments: number]> = [
  ['refused', 'refuse', isFullRun ? 3 : 2],
];
// Each starts a process. The fault tests kill at many more moments.
if (isFullRun) ways.push(['killed', 'keep waiting', 5]);

for (const [what, begin] of Object.entries(operations)) {
  for (const [how, closing, count] of ways) {
    test(`${what} that was ${how} after a statement is completed by the next run.`, async (t) => {
      t.timeout(600_000);
      const operation = await begin(t);
      const undisturbed = await runUndisturbed(t, operation);
      t.true(undisturbed.statements > 2);
      const moments = sampleOf([...Array(undisturbed.statements).keys()], count);
      for (const after of moments) {
        await operation.reset();
        await interrupt(t, operation, { after, closing });
        await assertCompletes(t, operation, undisturbed, after);
      }
      t.log(`${moments.length} of ${undisturbed.statements} statements`);
    });
  }
}
