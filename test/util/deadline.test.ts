import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { DeadlineError, withDeadline } from '../../src/util/deadline';
import { waitUntil } from '../support/wait-until';

const now = () => performance.now();
const never = new Promise<never>(() => undefined);

test('A result and an error before the deadline come through.', async (t) => {
  t.is(await withDeadline(Promise.resolve(1), now() + 60_000, 'late'), 1);
  const failing = withDeadline(Promise.reject(new Error('failed')), now() + 60_000, 'late');
  await t.throwsAsync(failing, { message: 'failed' });
});

test('Each wait ends after its deadline, also if a later one began first.', async (t) => {
  const waits = [60, 20, 40, 0, -10].map(async (delay) => {
    const deadline = now() + delay;
    const waiting = withDeadline(never, deadline, `after ${delay}`);
    await t.throwsAsync(waiting, { instanceOf: DeadlineError, message: `after ${delay}` });
    t.true(now() >= deadline);
  });
  await Promise.all(waits);
});

test('A later wait ends, too, after the timer served an earlier one.', async (t) => {
  await t.throwsAsync(withDeadline(never, now() + 10, 'first'), { message: 'first' });
  await t.throwsAsync(withDeadline(never, now() + 10, 'second'), { message: 'second' });
});

test('A late result goes to the listener, and its failure and a late error are ignored.', async (t) => {
  const late: number[] = [];
  const deadline = now() + 10;
  const waits = [
    withDeadline(sleep(200, 1), deadline, 'late', async (value) => {
      late.push(value);
      throw new Error('ignored');
    }),
    withDeadline(
      sleep(200).then(() => Promise.reject(new Error('ignored'))),
      deadline,
      'late',
    ),
  ];
  for (const wait of waits) await t.throwsAsync(wait, { instanceOf: DeadlineError });
  await waitUntil(() => late.length > 0);
  t.deepEqual(late, [1]);
});
