import test, { type ExecutionContext } from 'ava';
import { Calls } from './calls';
import { beginCounting, type Counting, countInLanes } from './counting';
import { startCountingProcesses, type WriteMode } from './counting-processes';
import { failuresOf } from './session-app';

const processes = 4;
const lanes = 80;

interface Run extends Counting {
  readonly failures: readonly string[];
}

/** Has the processes count in one session, each of them in as many lanes at a time. */
async function run(t: ExecutionContext, writeMode: WriteMode, turns: number): Promise<Run> {
  const origins = await startCountingProcesses(t, processes, writeMode);
  const calls = new Calls();
  const cookie = await beginCounting(origins);
  const begun = performance.now();
  const counting = await countInLanes({ origins, lanes, turns }, cookie, calls);
  const took = Math.round(performance.now() - begun);
  t.log(`${counting.lost} of ${lanes * turns} updates lost, in ${took} ms`);
  return { ...counting, failures: [...calls.failures, ...(await failuresOf(origins))] };
}

test.serial('Four processes that make 1,000 parallel updates of one session each lose none.', async (t) => {
  t.timeout(300_000);
  const { counts, failures } = await run(t, 'merge', 50);
  t.deepEqual(failures, []);
  t.deepEqual(counts, Array(lanes).fill(50));
});

test.serial('The same processes lose updates where they write the session whole.', async (t) => {
  t.timeout(300_000);
  const { lost, failures } = await run(t, 'replace', 10);
  t.deepEqual(failures, []);
  t.true(lost > 0);
});
