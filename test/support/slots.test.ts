import test from 'ava';
import { type Scope, SharedScope } from './scope';
import { Slots } from './slots';

/** A scope that ends by hand. */
function createScope(): Scope & { end: () => void } {
  const teardowns: Array<() => unknown> = [];
  return {
    teardown: (task) => teardowns.push(task),
    end: () => {
      for (const task of teardowns) task();
    },
  };
}

test('A scope waits for a slot until another scope ends.', async (t) => {
  const slots = new Slots(1);
  const [first, second] = [createScope(), createScope()];
  await slots.acquire(first);
  let isAcquired = false;
  const waiting = slots.acquire(second).then(() => {
    isAcquired = true;
  });
  await new Promise(setImmediate);
  t.false(isAcquired);
  first.end();
  await waiting;
  t.true(isAcquired);
});

test('A scope has one slot at most, and a shared scope has none.', async (t) => {
  const slots = new Slots(1);
  const scope = createScope();
  await slots.acquire(scope);
  await slots.acquire(scope);
  await slots.acquire(new SharedScope());
  scope.end();
  await t.notThrowsAsync(slots.acquire(createScope()));
});
