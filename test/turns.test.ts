import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { Turns } from '../src/turns';

test('Work on one thing is done in the order in which it was asked for.', async (t) => {
  const turns = new Turns();
  const done: number[] = [];
  await Promise.all(
    [30, 20, 10, 0].map((delay) =>
      turns.take('thing', async () => {
        await sleep(delay);
        done.push(delay);
      }),
    ),
  );
  t.deepEqual(done, [30, 20, 10, 0]);
});

test('Work on one thing does not wait for work on another.', async (t) => {
  const turns = new Turns();
  turns.take('one', () => new Promise(() => {}));
  t.is(await turns.take('other', async () => 'done'), 'done');
});

test('Work that fails tells only whoever asked for it, and the next has its turn.', async (t) => {
  const turns = new Turns();
  const failing = turns.take('thing', () => Promise.reject(new Error('failed')));
  const next = turns.take('thing', async () => 'done');
  await t.throwsAsync(failing, { message: 'failed' });
  t.is(await next, 'done');
});

test('Work begins at once where there is none before it.', (t) => {
  let begun = false;
  new Turns().take('thing', async () => {
    begun = true;
  });
  t.true(begun);
});
