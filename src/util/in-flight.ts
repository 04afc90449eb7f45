import { setImmediate } from './timers';

/** Counts the tasks in flight, and lets a caller wait for their end. */
export class InFlight {
  #count = 0;
  #listeners: Array<() => void> = [];

  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    this.#count++;
    try {
      return await task();
    } finally {
      this.#count--;
      if (this.#count === 0) {
        for (const resolve of this.#listeners.splice(0)) resolve();
      }
    }
  }

  /** Resolves when no task is in flight, and none follows in the next turns of the event loop. */
  async idle(): Promise<void> {
    for (;;) {
      // In these turns, a caller starts its next task, and a batch its first.
      await nextTurn();
      await nextTurn();
      if (this.#count === 0) {
        return;
      }
      await new Promise<void>((resolve) => this.#listeners.push(resolve));
    }
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
