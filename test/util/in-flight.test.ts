import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { InFlight } from '../../src/util/in-flight';

test('Without tasks, it is idle.', async (t) => {
  await t.notThrowsAsync(new InFlight().idle());
});

test('It is idle after the last task, also if one fails.', async (t) => {
  const inFlight = new InFlight();
  const ended: string[] = [];
  const tasks = [
    inFlight.run(async () => {
      await sleep(20);
      ended.push('slow');
    }),
    inFlight.run(() => Promise.reject(new Error('refused'))),
  ];
  const idle = inFlight.idle().then(() => ended.push('idle'));
  await t.throwsAsync(async () => tasks[1], { message: 'refused' });
  await idle;
  t.deepEqual(ended, ['slow', 'idle']);
});

test('A task that follows another one at once is awaited too.', async (t) => {
  const inFlight = new InFlight();
  const ended: string[] = [];
  const work = async () => {
    await inFlight.run(() => nextTurn());
    await nextTurn();
    await inFlight.run(() => sleep(20));
    ended.push('second');
  };
  await Promise.all([work(), inFlight.idle().then(() => ended.push('idle'))]);
  t.deepEqual(ended, ['second', 'idle']);
});
