/** The writes of each key for which no caller waits. */
export class PendingWrites {
  readonly #writes = new Map<string, Promise<unknown>>();

  /** @param write a promise that never rejects */
  add(key: string, write: Promise<void>): void {
    const writes = Promise.all([this.#writes.get(key), write]).then(() => {
      if (this.#writes.get(key) === writes) {
        this.#writes.delete(key);
      }
    });
    this.#writes.set(key, writes);
  }

  /** Resolves when the writes of the key that started before this call have settled. */
  async settled(key: string): Promise<void> {
    await this.#writes.get(key);
  }
}
