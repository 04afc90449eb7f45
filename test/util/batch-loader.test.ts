import { setImmediate as nextTurn } from 'node:timers/promises';
import test from 'ava';
import { BatchLoader } from '../../src/util/batch-loader';
import { waitUntil } from '../support/wait-until';

/** A source whose replies the test releases. */
class Source {
  /** The items of each round trip. */
  readonly requests: string[][] = [];
  readonly #replies: Array<() => void> = [];
  /** Items that get no result in a batch. */
  withoutResult: readonly string[] = [];
  isFailing = false;

  readonly loader = new BatchLoader<string, string>({
    loadOne: async (item) => {
      await this.#request([item]);
      return `${item} alone`;
    },
    loadMany: async (items) => {
      await this.#request(items);
      if (this.isFailing) {
        throw new Error('failed');
      }
      return items.map((item) =>
        this.withoutResult.includes(item) ? undefined : { result: `${item} in a batch` },
      );
    },
  });

  #request(items: readonly string[]): Promise<void> {
    this.requests.push([...items]);
    return new Promise((resolve) => this.#replies.push(resolve));
  }

  /** Replies to all requests, also to the ones that follow from a reply. */
  async replyToAll(): Promise<void> {
    for (let idleTurns = 0; idleTurns < 5; idleTurns++) {
      await nextTurn();
      for (const reply of this.#replies.splice(0)) {
        reply();
        idleTurns = 0;
      }
    }
  }
}

const items = (count: number) => Array.from({ length: count }, (_, n) => `item${n}`);

/** Loads items one after the other, each in a separate turn of the event loop. */
async function loadInTurns({ loader }: Source, count: number): Promise<Array<Promise<string>>> {
  const results: Array<Promise<string>> = [];
  for (const item of items(count)) {
    results.push(loader.load(item));
    await nextTurn();
  }
  return results;
}

test('While a slot is free, each item is loaded at once and alone.', async (t) => {
  const source = new Source();
  await loadInTurns(source, 4);
  t.deepEqual(source.requests, [['item0'], ['item1'], ['item2'], ['item3']]);
});

test('Items of one turn of the event loop share a batch.', async (t) => {
  const source = new Source();
  const results = ['a', 'b', 'c'].map((item) => source.loader.load(item));
  await source.replyToAll();
  t.deepEqual(source.requests, [['a', 'b', 'c']]);
  t.deepEqual(await Promise.all(results), ['a in a batch', 'b in a batch', 'c in a batch']);
});

test('Items that come while four round trips run share the next batch.', async (t) => {
  const source = new Source();
  const first = await loadInTurns(source, 4);
  const later = ['a', 'b', 'c'].map((item) => source.loader.load(item));
  await nextTurn();
  t.is(source.requests.length, 4);
  await source.replyToAll();
  t.deepEqual(source.requests.slice(4), [['a', 'b', 'c']]);
  t.is(await first[3], 'item3 alone');
  t.deepEqual(await Promise.all(later), ['a in a batch', 'b in a batch', 'c in a batch']);
});

test('A single queued item is loaded alone.', async (t) => {
  const source = new Source();
  await loadInTurns(source, 4);
  const result = source.loader.load('a');
  await source.replyToAll();
  t.is(await result, 'a alone');
});

for (const [count, sizes] of [
  [8, [8]],
  [9, [8, 1]],
  [64, [16, 16, 16, 16]],
  [100, [25, 25, 25, 25]],
  [200, [32, 32, 32, 32, 18, 18, 18, 18]],
] as const) {
  test(`${count} items at once become batches of ${sizes.join(', ')}.`, async (t) => {
    const source = new Source();
    const results = items(count).map((item) => source.loader.load(item));
    await nextTurn();
    t.is(source.requests.length, Math.min(sizes.length, 4));
    await source.replyToAll();
    await Promise.all(results);
    t.deepEqual(
      source.requests.map(({ length }) => length),
      [...sizes],
    );
  });
}

test('An item without a result in a batch is loaded alone.', async (t) => {
  const source = new Source();
  source.withoutResult = ['b'];
  const results = ['a', 'b', 'c'].map((item) => source.loader.load(item));
  await source.replyToAll();
  t.deepEqual(await Promise.all(results), ['a in a batch', 'b alone', 'c in a batch']);
});

test('A failed batch rejects each of its items, and later items are loaded.', async (t) => {
  const source = new Source();
  source.isFailing = true;
  const settled = Promise.allSettled(['a', 'b'].map((item) => source.loader.load(item)));
  await source.replyToAll();
  t.deepEqual(
    (await settled).map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  const next = source.loader.load('next');
  await source.replyToAll();
  t.is(await next, 'next alone');
});

test('Slow round trips do not block other items.', async (t) => {
  const source = new Source();
  await loadInTurns(source, 4);
  source.loader.load('a');
  await waitUntil(() => source.requests.length === 5);
  t.deepEqual(source.requests[4], ['a']);
});
