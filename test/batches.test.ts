import { setImmediate as nextTurn } from 'node:timers/promises';
import test from 'ava';
import { Batches } from '../src/batches';
import { until } from './until';

/** Calls that come back when the test says so. */
class Calls {
  readonly made: string[][] = [];
  readonly #answers: Array<() => void> = [];
  /** Items that have no result in a call with others. */
  alone: readonly string[] = [];
  failing = false;

  readonly batches = new Batches<string, string>({
    one: async (item) => {
      await this.#answer([item]);
      return `${item} alone`;
    },
    many: async (items) => {
      await this.#answer(items);
      if (this.failing) {
        throw new Error('failed');
      }
      return items.map((item) => (this.alone.includes(item) ? undefined : { result: `${item} together` }));
    },
  });

  #answer(items: readonly string[]): Promise<void> {
    this.made.push([...items]);
    return new Promise((resolve) => this.#answers.push(resolve));
  }

  /** Lets every call come back that has been made and that follows. */
  async comeBack(): Promise<void> {
    for (let idle = 0; idle < 5; idle++) {
      await nextTurn();
      for (const answer of this.#answers.splice(0)) {
        answer();
        idle = 0;
      }
    }
  }
}

const letters = (count: number) => Array.from({ length: count }, (_, n) => `item${n}`);

/** Lets so many calls be under way, each asked for in a turn of its own. */
async function begin({ batches }: Calls, count: number): Promise<Array<Promise<string>>> {
  const results: Array<Promise<string>> = [];
  for (const item of letters(count)) {
    results.push(batches.call(item));
    await nextTurn();
  }
  return results;
}

test('With few under way, each call is made at once, and alone.', async (t) => {
  const calls = new Calls();
  await begin(calls, 4);
  t.deepEqual(calls.made, [['item0'], ['item1'], ['item2'], ['item3']]);
});

test('Calls of one turn of the event loop go together.', async (t) => {
  const calls = new Calls();
  const results = ['a', 'b', 'c'].map((item) => calls.batches.call(item));
  await calls.comeBack();
  t.deepEqual(calls.made, [['a', 'b', 'c']]);
  t.deepEqual(await Promise.all(results), ['a together', 'b together', 'c together']);
});

test('What comes while four are under way goes together when one is back.', async (t) => {
  const calls = new Calls();
  const first = await begin(calls, 4);
  const later = ['a', 'b', 'c'].map((item) => calls.batches.call(item));
  await nextTurn();
  t.is(calls.made.length, 4);
  await calls.comeBack();
  t.deepEqual(calls.made.slice(4), [['a', 'b', 'c']]);
  t.is(await first[3], 'item3 alone');
  t.deepEqual(await Promise.all(later), ['a together', 'b together', 'c together']);
});

test('One that waits without company goes alone.', async (t) => {
  const calls = new Calls();
  await begin(calls, 4);
  const result = calls.batches.call('a');
  await calls.comeBack();
  t.is(await result, 'a alone');
});

for (const [count, batches] of [
  [8, [8]],
  [9, [8, 1]],
  [64, [16, 16, 16, 16]],
  [100, [25, 25, 25, 25]],
  [200, [32, 32, 32, 32, 18, 18, 18, 18]],
] as const) {
  test(`Of ${count} at once, ${batches.join(' and ')} go together.`, async (t) => {
    const calls = new Calls();
    const results = letters(count).map((item) => calls.batches.call(item));
    await nextTurn();
    t.is(calls.made.length, Math.min(batches.length, 4));
    await calls.comeBack();
    await Promise.all(results);
    t.deepEqual(
      calls.made.map(({ length }) => length),
      [...batches],
    );
  });
}

test('An item without a result is called for alone, and the others have theirs.', async (t) => {
  const calls = new Calls();
  calls.alone = ['b'];
  const results = ['a', 'b', 'c'].map((item) => calls.batches.call(item));
  await calls.comeBack();
  t.deepEqual(await Promise.all(results), ['a together', 'b alone', 'c together']);
});

test('A failure of what went together reaches each, and the next calls are made.', async (t) => {
  const calls = new Calls();
  calls.failing = true;
  const settled = Promise.allSettled(['a', 'b'].map((item) => calls.batches.call(item)));
  await calls.comeBack();
  t.deepEqual(
    (await settled).map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  const next = calls.batches.call('next');
  await calls.comeBack();
  t.is(await next, 'next alone');
});

test('Calls that take long keep no others from being made.', async (t) => {
  const calls = new Calls();
  await begin(calls, 4);
  calls.batches.call('a');
  await until(() => calls.made.length === 5);
  t.deepEqual(calls.made[4], ['a']);
});
