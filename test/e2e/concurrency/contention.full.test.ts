import test, { type ExecutionContext } from 'ava';
import { bootForFile } from '../../support/boot';
import { runQueuedWriters, runWriters, type WriterLoadResult, writerCount } from './writer-load';

// The lock counters count for the whole server, so other tests must not use it.
bootForFile();

const rounds = 40;

let load: Promise<WriterLoadResult> | undefined;

/** Runs the load of fifty writers once. Several tests check the result. */
function runFiftyWriters(t: ExecutionContext): Promise<WriterLoadResult> {
  t.timeout(300_000);
  load ??= runWriters(t, rounds);
  return load;
}

test.serial('Fifty writers lose none of the writes that each makes to one session.', async (t) => {
  const { counts, touches, deleted } = await runFiftyWriters(t);
  t.log(`At the same time: ${touches} touches, ${deleted} sessions deleted`);
  t.deepEqual(counts, Array(writerCount).fill(rounds));
});

test.serial('Under the load of fifty writers, no write, touch or cleanup fails.', async (t) => {
  t.deepEqual((await runFiftyWriters(t)).failures, []);
});

test.serial('Under the load of fifty writers, each call ends within a minute.', async (t) => {
  const { longest } = await runFiftyWriters(t);
  t.log(`The longest call lasted ${Math.round(longest)} ms`);
  t.true(longest < 60_000);
});

test.serial('Under the load of fifty writers, no deadlock occurs.', async (t) => {
  const { waits, deadlocks } = await runFiftyWriters(t);
  t.log(`${waits} waits for a lock, ${deadlocks} deadlocks`);
  t.is(deadlocks, 0);
});

test.serial(
  'Fifty writers that wait for the same row lock write one after the other.',
  async (t) => {
    const { counts, failures } = await runQueuedWriters(t);
    t.deepEqual(failures, []);
    t.deepEqual(counts, Array(writerCount).fill(1));
  },
);
