import { clearTimeout, setImmediate, setTimeout } from './timers';
/** Loads an item alone, and several items in one round trip. */
export interface BatchFunctions<Item, Result> {
  readonly loadOne: (item: Item) => Promise<Result>;
  /** Returns results in the order of the items. An item without one is loaded alone. */
  readonly loadMany: (
    items: readonly Item[],
  ) => Promise<ReadonlyArray<{ readonly result: Result } | undefined>>;
}

interface QueuedLoad<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result | Promise<Result>) => void;
}

/** More concurrent round trips would only share the server's time. */
const maxConcurrentBatches = 4;

/** A batch gets this many items before a second batch starts next to it. */
const minBatchSize = 8;

const maxBatchSize = 32;

/**
 * After this many milliseconds, a batch no longer counts as one of the concurrent ones. A batch
 * that waits for a row lock must not delay the other items.
 */
const slotTimeout = 100;

/**
 * Loads items in batches. Items of the same turn of the event loop share a batch. While all slots
 * are in use, further items wait for the next batch. No item waits for others that might not come.
 */
export class BatchLoader<Item, Result> {
  readonly #queue: Array<QueuedLoad<Item, Result>> = [];
  #usedSlots = 0;
  #isScheduled = false;

  constructor(private readonly functions: BatchFunctions<Item, Result>) {}

  load(item: Item): Promise<Result> {
    return new Promise((resolve) => {
      this.#queue.push({ item, resolve });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (!this.#isScheduled && this.#queue.length > 0 && this.#usedSlots < maxConcurrentBatches) {
      this.#isScheduled = true;
      setImmediate(() => {
        this.#isScheduled = false;
        this.#dispatch();
      });
    }
  }

  #dispatch(): void {
    const share = Math.ceil(this.#queue.length / (maxConcurrentBatches - this.#usedSlots));
    const size = Math.min(Math.max(share, minBatchSize), maxBatchSize);
    while (this.#queue.length > 0 && this.#usedSlots < maxConcurrentBatches) {
      this.#start(this.#queue.splice(0, size));
    }
  }

  #start(batch: ReadonlyArray<QueuedLoad<Item, Result>>): void {
    this.#usedSlots++;
    let isUsed = true;
    const freeSlot = () => {
      if (isUsed) {
        isUsed = false;
        this.#usedSlots--;
        this.#schedule();
      }
    };
    const timer = setTimeout(freeSlot, slotTimeout).unref();
    this.#run(batch).finally(() => {
      clearTimeout(timer);
      freeSlot();
    });
  }

  /** Resolves when every item is loaded or has failed. */
  async #run(batch: ReadonlyArray<QueuedLoad<Item, Result>>): Promise<void> {
    const { loadOne, loadMany } = this.functions;
    const loading =
      batch.length > 1 ? loadMany(batch.map(({ item }) => item)) : Promise.resolve([]);
    const loads = batch.map(({ item, resolve }, index) => {
      const result = loading.then((results) => {
        const loaded = results[index];
        return loaded ? loaded.result : loadOne(item);
      });
      resolve(result);
      return result;
    });
    await Promise.allSettled(loads);
  }
}
