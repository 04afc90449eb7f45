import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { KeyedMutex } from '../../src/util/keyed-mutex';

test('Tasks with the same key run in the order of the calls.', async (t) => {
  const mutex = new KeyedMutex();
  const done: number[] = [];
  await Promise.all(
    [30, 20, 10, 0].map((delay) =>
      mutex.runExclusive('key', async () => {
        await sleep(delay);
        done.push(delay);
      }),
    ),
  );
  t.deepEqual(done, [30, 20, 10, 0]);
});

test('A task does not wait for a task with another key.', async (t) => {
  const mutex = new KeyedMutex();
  mutex.runExclusive('key', () => new Promise(() => {}));
  t.is(await mutex.runExclusive('other key', async () => 'done'), 'done');
});

test('A task that fails rejects its own call only, and the next task runs.', async (t) => {
  const mutex = new KeyedMutex();
  const failing = mutex.runExclusive('key', () => Promise.reject(new Error('failed')));
  const next = mutex.runExclusive('key', async () => 'done');
  await t.throwsAsync(failing, { message: 'failed' });
  t.is(await next, 'done');
});

test('A task starts at once if no other task has its key.', (t) => {
  let hasStarted = false;
  new KeyedMutex().runExclusive('key', async () => {
    hasStarted = true;
  });
  t.true(hasStarted);
});
