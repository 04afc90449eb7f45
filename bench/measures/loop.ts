import { latenciesOf, type Timing } from './timing';

/** Something to do over and over: `prepare` is not timed, `run` is. */
export interface Operation<Item> {
  /** What so many runs need; less, or nothing, where there is no more. */
  readonly prepare: (count: number) => Promise<Item[]> | Item[];
  readonly run: (item: Item) => Promise<unknown>;
}

export interface Effort {
  readonly callers: number;
  /** How long is measured, without the preparations. */
  readonly milliseconds: number;
  /** How many items are prepared at once. */
  readonly batch: number;
  /** How many calls are enough, however soon they were made. */
  readonly atMost: number;
}

/** So many callers, each with one call under way at any time. */
export async function loop<Item>(operation: Operation<Item>, effort: Effort): Promise<Timing> {
  const { callers, milliseconds, batch, atMost } = effort;
  const latencies: number[] = [];
  let elapsed = 0;
  while (elapsed < milliseconds && latencies.length < atMost) {
    const items = await operation.prepare(Math.min(batch, atMost - latencies.length));
    if (items.length === 0) break;
    const start = performance.now();
    const deadline = start + milliseconds - elapsed;
    const queue = items[Symbol.iterator]();
    const caller = async () => {
      for (;;) {
        const begun = performance.now();
        if (begun >= deadline) return;
        const { done, value } = queue.next();
        if (done) return;
        await operation.run(value);
        latencies.push(performance.now() - begun);
      }
    };
    await Promise.all(Array.from({ length: callers }, caller));
    elapsed += performance.now() - start;
  }
  if (latencies.length === 0) throw new Error('There was nothing to measure');
  return { calls: latencies.length, rate: latencies.length / (elapsed / 1_000), ...latenciesOf(latencies) };
}

/** Does something with each item, so many at a time, and gives the results in the order of the items. */
export async function forEach<Item, Result>(
  items: Iterable<Item>,
  callers: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = [...items].entries();
  const caller = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return results;
}
