/** How long calls took, in milliseconds. */
export interface Latencies {
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
}

export interface Timing extends Latencies {
  readonly calls: number;
  /** Calls a second. */
  readonly rate: number;
}

/** A call to repeat. The time of `prepare` does not count, the time of `run` does. */
export interface Operation<Item> {
  /** Returns what `count` calls need. Returns fewer items, or none, if there are no more. */
  readonly prepare: (count: number) => Promise<Item[]> | Item[];
  readonly run: (item: Item) => Promise<unknown>;
}

export interface Effort {
  /** How many calls are under way at any time. */
  readonly callers: number;
  /** How long to measure, without the preparations. */
  readonly milliseconds: number;
  /** How many items to prepare at once. */
  readonly batch: number;
  /** The limit of calls, even if time is left. Default: no limit. */
  readonly atMost?: number;
}

export async function measureCalls<Item>(
  { prepare, run }: Operation<Item>,
  { callers, milliseconds, batch, atMost = Number.POSITIVE_INFINITY }: Effort,
): Promise<Timing> {
  const latencies: number[] = [];
  let elapsed = 0;
  while (elapsed < milliseconds && latencies.length < atMost) {
    const items = await prepare(Math.min(batch, atMost - latencies.length));
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
        await run(value);
        latencies.push(performance.now() - begun);
      }
    };
    await Promise.all(Array.from({ length: callers }, caller));
    elapsed += performance.now() - start;
  }
  if (latencies.length === 0) throw new Error('No call was made: there was nothing to prepare');
  const calls = latencies.length;
  return { calls, rate: calls / (elapsed / 1_000), ...latenciesOf(latencies) };
}

export function latenciesOf(milliseconds: readonly number[]): Latencies {
  const sorted = Float64Array.from(milliseconds).sort();
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { p50: at(0.5), p99: at(0.99), longest: at(1) };
}

/** Does the work for 16 items at a time. Returns the results in the order of the items. */
export async function forEachConcurrently<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const caller = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: 16 }, caller));
  return results;
}
