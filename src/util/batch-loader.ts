import { now, setImmediate, setTimeout } from './timers';

/** Loads an item alone, and several items in one round trip. */
export interface BatchFunctions<Item, Result> {
  readonly loadOne: (item: Item) => Promise<Result>;
  /** Returns results in the order of the items. An item without one is loaded alone. */
  readonly loadMany: (
    items: readonly Item[],
  ) => Promise<ReadonlyArray<{ readonly result: Result } | undefined>>;
  /** Items with the same key are loaded one after the other. Without this, items have no keys. */
  readonly keyOf?: (item: Item) => string;
  /** The share of a batch that an item takes. An item of 1 or more gets no company. */
  readonly weightOf?: (item: Item) => number;
}

interface QueuedLoad<Item, Result> {
  readonly item: Item;
  readonly key: string | undefined;
  readonly resolve: (result: Result | Promise<Result>) => void;
  readonly reject: (error: unknown) => void;
}

interface RunningBatch {
  readonly startedAt: number;
  /** A key for each item that is not loaded yet; undefined if items have no keys. */
  keys: ReadonlyArray<string | undefined>;
}

/** More concurrent round trips would only share the server's time. */
const maxConcurrentBatches = 4;

/** A batch gets this many items before a second batch starts next to it. */
const minBatchSize = 8;

const maxBatchSize = 32;

/**
 * After this many milliseconds, a batch no longer counts as one of the concurrent ones, and its
 * keys are free. A batch that waits for a row lock must not delay the other items.
 */
const slotTimeout = 100;

/**
 * Loads items in batches. An item that comes while no other is loaded starts at once. Others of the
 * same turn of the event loop share a batch. While all slots are in use, further items wait for the
 * next batch. No item waits for others that might not come.
 */
export class BatchLoader<Item, Result> {
  #queue: Array<QueuedLoad<Item, Result>> = [];
  /** The oldest batch is the first. */
  readonly #running = new Set<RunningBatch>();
  #isScheduled = false;
  #isTimed = false;

  constructor(private readonly functions: BatchFunctions<Item, Result>) {}

  load(item: Item): Promise<Result> {
    const key = this.functions.keyOf?.(item);
    if (this.#running.size === 0 && this.#queue.length === 0) {
      return this.#loadAlone(item, key);
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, key, resolve, reject });
      this.#schedule();
    });
  }

  #loadAlone(item: Item, key: string | undefined): Promise<Result> {
    const batch = this.#begin([key]);
    const result = this.functions.loadOne(item);
    const end = () => this.#end(batch);
    result.then(end, end);
    return result;
  }

  #schedule(): void {
    if (this.#queue.length === 0) {
      return;
    }
    if (this.#running.size >= maxConcurrentBatches) {
      this.#awaitSlotTimeout();
    } else if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(() => {
        this.#isScheduled = false;
        this.#dispatch();
      });
    }
  }

  #dispatch(): void {
    const loading = [...this.#running].reduce((sum, { keys }) => sum + keys.length, 0);
    // Half of all items: while the server works on one batch, the client prepares the next.
    const half = Math.ceil((loading + this.#queue.length) / 2);
    const size = Math.min(Math.max(half, minBatchSize), maxBatchSize);
    while (this.#queue.length > 0 && this.#running.size < maxConcurrentBatches) {
      const loads = this.#take(size);
      if (loads.length === 0) {
        break;
      }
      this.#run(loads);
    }
    if (this.#queue.length > 0) {
      this.#awaitSlotTimeout();
    }
  }

  /** Removes the items of the next batch from the queue: no two with the same key. */
  #take(size: number): Array<QueuedLoad<Item, Result>> {
    const { weightOf = () => 0 } = this.functions;
    const batch: Array<QueuedLoad<Item, Result>> = [];
    const rest: Array<QueuedLoad<Item, Result>> = [];
    const usedKeys = new Set([...this.#running].flatMap(({ keys }) => keys));
    usedKeys.delete(undefined);
    let weight = 0;
    for (const load of this.#queue) {
      const newWeight = weight + weightOf(load.item);
      const hasRoom = batch.length === 0 || (batch.length < size && newWeight <= 1);
      if (hasRoom && !usedKeys.has(load.key)) {
        batch.push(load);
        weight = newWeight;
      } else {
        rest.push(load);
      }
      // A later item with the key must not overtake this one.
      if (load.key !== undefined) {
        usedKeys.add(load.key);
      }
    }
    this.#queue = rest;
    return batch;
  }

  /** Resolves when every item is loaded or has failed. */
  async #run(loads: ReadonlyArray<QueuedLoad<Item, Result>>): Promise<void> {
    const { loadOne, loadMany } = this.functions;
    const batch = this.#begin(loads.map(({ key }) => key));
    try {
      const results = loads.length > 1 ? await loadMany(loads.map(({ item }) => item)) : [];
      const isLeft = (_: unknown, index: number) => results[index] === undefined;
      batch.keys = batch.keys.filter(isLeft);
      loads.forEach(({ resolve }, index) => {
        const loaded = results[index];
        if (loaded) {
          resolve(loaded.result);
        }
      });
      await Promise.allSettled(
        loads.filter(isLeft).map(({ item, resolve }) => {
          const result = loadOne(item);
          resolve(result);
          return result;
        }),
      );
    } catch (error) {
      for (const { reject } of loads) {
        reject(error);
      }
    } finally {
      this.#end(batch);
    }
  }

  #begin(keys: RunningBatch['keys']): RunningBatch {
    const batch = { startedAt: now(), keys };
    this.#running.add(batch);
    return batch;
  }

  #end(batch: RunningBatch): void {
    if (this.#running.delete(batch)) {
      this.#schedule();
    }
  }

  /** Frees the slots of slow batches. A timer runs only while an item waits for a slot or a key. */
  #awaitSlotTimeout(): void {
    const [oldest] = this.#running;
    if (this.#isTimed || oldest === undefined) {
      return;
    }
    this.#isTimed = true;
    const freeSlots = () => {
      this.#isTimed = false;
      for (const batch of this.#running) {
        if (now() - batch.startedAt >= slotTimeout) {
          this.#running.delete(batch);
        }
      }
      this.#schedule();
    };
    setTimeout(freeSlots, oldest.startedAt + slotTimeout - now()).unref();
  }
}
