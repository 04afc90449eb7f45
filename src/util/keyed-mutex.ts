/** Runs tasks with the same key one at a time, in the order of the calls. */
export class KeyedMutex {
  readonly #lastTasks = new Map<unknown, Promise<unknown>>();

  /** Runs the task after all earlier tasks with the key, and returns its result. */
  async runExclusive<Result>(key: unknown, task: () => Promise<Result>): Promise<Result> {
    const previous = this.#lastTasks.get(key);
    const running = previous ? previous.then(task, task) : task();
    this.#lastTasks.set(key, running);
    try {
      return await running;
    } finally {
      if (this.#lastTasks.get(key) === running) {
        this.#lastTasks.delete(key);
      }
    }
  }
}
