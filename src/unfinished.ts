/** Work of each key that nobody waits for, until it is over. */
export class Unfinished {
  readonly #works = new Map<string, Promise<unknown>>();

  /** @param work never rejects */
  add(key: string, work: Promise<void>): void {
    const all = Promise.all([this.#works.get(key), work]).then(() => {
      if (this.#works.get(key) === all) {
        this.#works.delete(key);
      }
    });
    this.#works.set(key, all);
  }

  /** Resolves when all work on the key is over that has begun by now. */
  async over(key: string): Promise<void> {
    await this.#works.get(key);
  }
}
