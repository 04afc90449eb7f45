/** Takes the time of calls, and keeps what the failed ones failed with. */
export class Calls {
  readonly failures: string[] = [];
  #longest = 0;

  /** Milliseconds that the longest call took, well or badly. */
  get longest(): number {
    return this.#longest;
  }

  async take(call: () => Promise<unknown>): Promise<void> {
    const begun = performance.now();
    try {
      await call();
    } catch (error) {
      this.failures.push(String(error));
    } finally {
      this.#longest = Math.max(this.#longest, performance.now() - begun);
    }
  }
}
