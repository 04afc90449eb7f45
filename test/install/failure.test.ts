import test from 'ava';
import { isFullRun, sample, sampleOf } from '../support/scale';
import { assertCompletes, interrupt, runUndisturbed } from './interruption';
import { operations } from './operations';

/** In each way, the statements after which an operation is interrupted. */
const interruptions = {
  // Each starts a process. The fault tests kill at many more moments.
  killed: {
    closing: 'keep waiting',
    momentsOf: (all: readonly number[]) =>
      isFullRun ? sampleOf(all, 5) : [all[Math.floor(all.length / 2)] ?? 0],
  },
  refused: { closing: 'refuse', momentsOf: (all: readonly number[]) => sample(all, 3) },
} as const;

for (const [what, begin] of Object.entries(operations)) {
  for (const [how, { closing, momentsOf }] of Object.entries(interruptions)) {
    test(`${what} that was ${how} after a statement is completed by the next run.`, async (t) => {
      t.timeout(600_000);
      const operation = await begin(t);
      const undisturbed = await runUndisturbed(t, operation);
      t.true(undisturbed.statements > 2);
      const moments = momentsOf([...Array(undisturbed.statements).keys()]);
      for (const after of moments) {
        await operation.reset();
        await interrupt(t, operation, { after, closing });
        await assertCompletes(t, operation, undisturbed, after);
      }
      t.log(`${moments.length} of ${undisturbed.statements} statements`);
    });
  }
}
