import { setImmediate as nextTurn } from 'node:timers/promises';
import test from 'ava';
import { type BatchFunctions, BatchLoader } from '../../src/util/batch-loader';
import { waitUntil } from '../support/wait-until';

/** A source whose replies the test releases. */
class Source {
  /** The items of each round trip. */
  readonly requests: string[][] = [];
  readonly #replies: Array<() => void> = [];
  /** Items that get no result in a batch. */
  withoutResult: readonly string[] = [];
  isFailing = false;

  readonly loader: BatchLoader<string, string>;

  constructor(options: Partial<BatchFunctions<string, string>> = {}) {
    this.loader = new BatchLoader({
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
      ...options,
    });
  }

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

/** Loads several items in one turn of the event loop, while another is loaded. */
function loadTogether({ loader }: Source, together: readonly string[]): Array<Promise<string>> {
  loader.load('running');
  return together.map((item) => loader.load(item));
}

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

test('A lone item is loaded before the call returns.', (t) => {
  const source = new Source();
  source.loader.load('a');
  t.deepEqual(source.requests, [['a']]);
});

test('While an item is loaded, the items of one turn of the event loop share a batch.', async (t) => {
  const source = new Source();
  const results = loadTogether(source, ['a', 'b', 'c']);
  await source.replyToAll();
  t.deepEqual(source.requests, [['running'], ['a', 'b', 'c']]);
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
  [32, [17, 15]],
  [64, [32, 32]],
  [100, [32, 32, 32, 4]],
  [200, [32, 32, 32, 32, 32, 32, 8]],
] as const) {
  test(`${count} items at once become batches of ${sizes.join(', ')}.`, async (t) => {
    const source = new Source();
    const results = loadTogether(source, items(count));
    await nextTurn();
    t.is(source.requests.length, Math.min(sizes.length, 3) + 1);
    await source.replyToAll();
    await Promise.all(results);
    t.deepEqual(
      source.requests.slice(1).map(({ length }) => length),
      [...sizes],
    );
  });
}

test('An item without a result in a batch is loaded alone.', async (t) => {
  const source = new Source();
  source.withoutResult = ['b'];
  const results = loadTogether(source, ['a', 'b', 'c']);
  await source.replyToAll();
  t.deepEqual(await Promise.all(results), ['a in a batch', 'b alone', 'c in a batch']);
});

test('A failed batch rejects each of its items, and later items are loaded.', async (t) => {
  const source = new Source();
  source.isFailing = true;
  const settled = Promise.allSettled(loadTogether(source, ['a', 'b']));
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

const byFirstLetter = { keyOf: (item: string) => item.slice(0, 1) };

test('Items with the same key are loaded one after the other, in the order of the calls.', async (t) => {
  const source = new Source(byFirstLetter);
  const results = loadTogether(source, ['a1', 'b1', 'a2', 'a3', 'b2']);
  await source.replyToAll();
  await Promise.all(results);
  t.deepEqual(source.requests, [['running'], ['a1', 'b1'], ['a2', 'b2'], ['a3']]);
});

test('An item waits for a running one with its key, and others do not.', async (t) => {
  const source = new Source(byFirstLetter);
  source.loader.load('a1');
  const results = ['a2', 'b1', 'c1'].map((item) => source.loader.load(item));
  await nextTurn();
  t.deepEqual(source.requests, [['a1'], ['b1', 'c1']]);
  await source.replyToAll();
  await Promise.all(results);
  t.deepEqual(source.requests.slice(2), [['a2']]);
});

test('An item without a result in a batch keeps its key until it is loaded alone.', async (t) => {
  const source = new Source(byFirstLetter);
  source.withoutResult = ['a1'];
  const results = loadTogether(source, ['a1', 'b1', 'a2', 'b2']);
  await source.replyToAll();
  await Promise.all(results);
  const order = source.requests.flat();
  t.deepEqual(
    order.filter((item) => item.startsWith('a')),
    ['a1', 'a1', 'a2'],
  );
});

test('A slow item does not block a later item with its key.', async (t) => {
  const source = new Source(byFirstLetter);
  source.loader.load('a1');
  source.loader.load('a2');
  await waitUntil(() => source.requests.length === 2);
  t.deepEqual(source.requests, [['a1'], ['a2']]);
});

test('A batch takes no more weight than 1, and a heavier item is loaded alone.', async (t) => {
  const source = new Source({ weightOf: (item) => Number(item) });
  const results = loadTogether(source, ['0.5', '3', '0.25', '0.25', '0.5']);
  await source.replyToAll();
  t.deepEqual(source.requests, [['running'], ['0.5', '0.25', '0.25'], ['3'], ['0.5']]);
  t.is(await results[1], '3 alone');
});

test('A light item does not overtake a heavy one with its key.', async (t) => {
  const weightOf = (item: string) => Number(item.slice(1));
  const source = new Source({ ...byFirstLetter, weightOf });
  loadTogether(source, ['b0.6', 'a0.6', 'a0.1']);
  await source.replyToAll();
  t.deepEqual(source.requests, [['running'], ['b0.6'], ['a0.6'], ['a0.1']]);
});

test('Items without a key or a weight are loaded together.', async (t) => {
  const source = new Source();
  loadTogether(source, ['a', 'a']);
  await nextTurn();
  t.deepEqual(source.requests, [['running'], ['a', 'a']]);
});
