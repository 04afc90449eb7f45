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
    for (let idle = 0; idle < 20; idle++) {
      await Promise.resolve();
      for (const answer of this.#answers.splice(0)) {
        answer();
        idle = 0;
      }
    }
  }
}

const letters = (count: number) => Array.from({ length: count }, (_, n) => `item${n}`);

test('With few under way, each call is made at once, and alone.', async (t) => {
  const { batches, made } = new Calls();
  for (const item of letters(4)) {
    batches.call(item);
  }
  await Promise.resolve();
  t.deepEqual(made, [['item0'], ['item1'], ['item2'], ['item3']]);
});

test('What comes while four are under way goes together when one is back.', async (t) => {
  const calls = new Calls();
  const results = letters(7).map((item) => calls.batches.call(item));
  await calls.comeBack();
  t.deepEqual(calls.made.slice(4), [['item4', 'item5', 'item6']]);
  t.deepEqual((await Promise.all(results)).slice(3), [
    'item3 alone',
    'item4 together',
    'item5 together',
    'item6 together',
  ]);
});

test('One that waits without company goes alone.', async (t) => {
  const calls = new Calls();
  const results = letters(5).map((item) => calls.batches.call(item));
  await calls.comeBack();
  t.is(await results[4], 'item4 alone');
});

test('No more than 32 go together.', async (t) => {
  const calls = new Calls();
  const results = letters(4 + 70).map((item) => calls.batches.call(item));
  await calls.comeBack();
  await Promise.all(results);
  t.deepEqual(
    calls.made.slice(4).map(({ length }) => length),
    [32, 32, 6],
  );
});

test('An item without a result is called for alone, and the others have theirs.', async (t) => {
  const calls = new Calls();
  calls.alone = ['item5'];
  const results = letters(7).map((item) => calls.batches.call(item));
  await calls.comeBack();
  t.deepEqual((await Promise.all(results)).slice(4), ['item4 together', 'item5 alone', 'item6 together']);
});

test('A failure of what went together reaches each, and the next calls are made.', async (t) => {
  const calls = new Calls();
  calls.failing = true;
  const results = letters(6).map((item) => calls.batches.call(item));
  const settled = Promise.allSettled(results);
  await calls.comeBack();
  const failed = (await settled).slice(4);
  t.deepEqual(
    failed.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  const next = calls.batches.call('next');
  await calls.comeBack();
  t.is(await next, 'next alone');
});

test('Calls that take long keep no others from being made.', async (t) => {
  const { batches, made } = new Calls();
  for (const item of letters(5)) {
    batches.call(item);
  }
  await until(() => made.length === 5);
  t.deepEqual(made[4], ['item4']);
});
