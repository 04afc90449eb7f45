import test, { type ExecutionContext } from 'ava';
import { startProgram } from '../../../examples/demo/program';
import type { StoreOptions } from '../../../src/options/store-options';
import { createInstallation } from '../../support/store';
import { type CountResult, countInParallel, startCounting } from './counter-app';
import { CallRecorder } from './parallel';
import { failuresOf } from './session-app';

const processes = 4;
const workers = 80;

type WriteMode = NonNullable<StoreOptions['writeMode']>;

interface UpdateResult extends CountResult {
  readonly failures: readonly string[];
}

/** Updates one session with parallel workers, through all processes. */
async function updateInParallel(
  t: ExecutionContext,
  writeMode: WriteMode,
  rounds: number,
): Promise<UpdateResult> {
  const origins = await startProcesses(t, writeMode);
  const recorder = new CallRecorder();
  const cookie = await startCounting(origins);
  const start = performance.now();
  const result = await countInParallel({ origins, workers, rounds }, cookie, recorder);
  const duration = Math.round(performance.now() - start);
  t.log(`${result.lost} of ${workers * rounds} updates lost, in ${duration} ms`);
  return { ...result, failures: [...recorder.failures, ...(await failuresOf(origins))] };
}

/** Starts the processes on one database, and returns their origins. */
async function startProcesses(t: ExecutionContext, writeMode: WriteMode): Promise<string[]> {
  const { accountUrl } = await createInstallation(t, ['application']);
  const environment = { ACCOUNT_URL: accountUrl, WRITE_MODE: writeMode };
  return Promise.all(
    Array.from({ length: processes }, async () => {
      const program = await startProgram('test/e2e/concurrency/counter-process.ts', environment);
      t.teardown(() => program.stop());
      return program.url;
    }),
  );
}

test.serial(
  'Four processes lose none of the 1,000 parallel updates that each makes of one session.',
  async (t) => {
    t.timeout(300_000);
    const { counts, failures } = await updateInParallel(t, 'merge', 50);
    t.deepEqual(failures, []);
    t.deepEqual(counts, Array(workers).fill(50));
  },
);

test.serial('The same processes lose updates if they write the whole session.', async (t) => {
  t.timeout(300_000);
  const { lost, failures } = await updateInParallel(t, 'replace', 10);
  t.deepEqual(failures, []);
  t.true(lost > 0);
});
