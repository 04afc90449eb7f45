/** How calls of one kind are made: alone, and several together. */
export interface BatchedCalls<Item, Result> {
  readonly one: (item: Item) => Promise<Result>;
  /** The results in the order of the items; an item without one is called for alone. */
  readonly many: (items: readonly Item[]) => Promise<ReadonlyArray<{ readonly result: Result } | undefined>>;
}

interface Call<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result | Promise<Result>) => void;
}

/** The most round trips that are under way at once: more would only share the server's time. */
const mostUnderWay = 4;

/** How many milliseconds one counts as under way: a call that waits for a lock must not hold up the others. */
const longestUnderWay = 100;

/** So many calls share a round trip before another one is begun beside it. */
const fewestTogether = 8;

/** The most calls that share a round trip. */
const mostTogether = 32;

/**
 * Lets calls share a round trip: those of the same turn of the event loop, and, while enough are under way, those
 * that come meanwhile. So none waits for others that may not come.
 */
export class Batches<Item, Result> {
  readonly #waiting: Array<Call<Item, Result>> = [];
  #underWay = 0;
  #isPlanned = false;

  constructor(private readonly calls: BatchedCalls<Item, Result>) {}

  call(item: Item): Promise<Result> {
    return new Promise((resolve) => {
      this.#waiting.push({ item, resolve });
      this.#plan();
    });
  }

  #plan(): void {
    if (!this.#isPlanned && this.#waiting.length > 0 && this.#underWay < mostUnderWay) {
      this.#isPlanned = true;
      setImmediate(() => {
        this.#isPlanned = false;
        this.#send();
      });
    }
  }

  #send(): void {
    const share = Math.ceil(this.#waiting.length / (mostUnderWay - this.#underWay));
    const together = Math.min(Math.max(share, fewestTogether), mostTogether);
    while (this.#waiting.length > 0 && this.#underWay < mostUnderWay) {
      this.#begin(this.#waiting.splice(0, together));
    }
  }

  #begin(batch: ReadonlyArray<Call<Item, Result>>): void {
    this.#underWay++;
    let isCounted = true;
    const release = () => {
      if (isCounted) {
        isCounted = false;
        this.#underWay--;
        this.#plan();
      }
    };
    const timer = setTimeout(release, longestUnderWay).unref();
    this.#make(batch).finally(() => {
      clearTimeout(timer);
      release();
    });
  }

  /** Makes the calls, and resolves when all are over, well or badly. */
  async #make(batch: ReadonlyArray<Call<Item, Result>>): Promise<void> {
    const together = batch.length > 1 ? this.calls.many(batch.map(({ item }) => item)) : Promise.resolve([]);
    const made = batch.map(({ item, resolve }, index) => {
      const result = together.then((results) => {
        const done = results[index];
        return done ? done.result : this.calls.one(item);
      });
      resolve(result);
      return result;
    });
    await Promise.allSettled(made);
  }
}
