import test, { type ExecutionContext } from 'ava';
import { bootForFile } from '../matrix/private-server';
import { type Crowd, crowd } from './crowd';
import { queue } from './queue';
import { writers } from './writers';

// What it tells of locks is to be of theirs alone.
bootForFile();

const turns = 40;

let fiftyWriters: Promise<Crowd> | undefined;

/** Fifty writers of one session, beside whom it is touched and expired ones are deleted. Most tests look at them. */
function watchFiftyWriters(t: ExecutionContext): Promise<Crowd> {
  t.timeout(300_000);
  fiftyWriters ??= crowd(t, turns);
  return fiftyWriters;
}

test.serial('Fifty writers who write 40 times each to one session lose nothing.', async (t) => {
  const { counts, touches, deleted } = await watchFiftyWriters(t);
  t.log(`Beside them ${touches} touches, and ${deleted} sessions deleted`);
  t.deepEqual(counts, Array(writers).fill(turns));
});

test.serial('Neither the fifty writers nor those beside them get an error.', async (t) => {
  t.deepEqual((await watchFiftyWriters(t)).failures, []);
});

test.serial('Neither the fifty writers nor those beside them are stuck.', async (t) => {
  const { longest } = await watchFiftyWriters(t);
  t.log(`The longest call took ${Math.round(longest)} ms`);
  t.true(longest < 10_000);
});

test.serial('Neither the fifty writers nor those beside them end in a deadlock.', async (t) => {
  const { waits, deadlocks } = await watchFiftyWriters(t);
  t.log(`${waits} waits for a lock, ${deadlocks} deadlocks`);
  t.is(deadlocks, 0);
});

test.serial('Fifty writers who all wait for the same row write one after the other.', async (t) => {
  const { counts, failures } = await queue(t);
  t.deepEqual(failures, []);
  t.deepEqual(counts, Array(writers).fill(1));
});
