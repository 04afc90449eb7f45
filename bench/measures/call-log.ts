/** One call of a load: all times in milliseconds. */
export interface Call<Kind extends string> {
  readonly kind: Kind;
  readonly began: number;
  readonly took: number;
  /** What the server said, where it failed. */
  readonly failure?: string;
}

/** Timers are a millisecond late at times; only what is later than this is the store's, or the server's. */
const lateness = 5;

/** The calls of a load that does not wait for them. */
export class CallLog<Kind extends string> {
  readonly #calls: Array<Call<Kind>> = [];
  readonly #pending = new Set<Promise<void>>();

  /** @param planned when the call was to be made: where the process could not, its user waited for that too */
  add(kind: Kind, planned: number, call: Promise<void>): void {
    const now = performance.now();
    const began = now - planned > lateness ? planned : now;
    const ended = (rest: { failure?: string } = {}) => {
      this.#calls.push({ kind, began, took: performance.now() - began, ...rest });
    };
    const end = call
      .then(
        () => ended(),
        (error: { code?: unknown; message?: unknown }) =>
          ended({ failure: String(error.code ?? error.message) }),
      )
      .finally(() => this.#pending.delete(end));
    this.#pending.add(end);
  }

  /** Waits for the calls that are under way. */
  async settled(): Promise<ReadonlyArray<Call<Kind>>> {
    await Promise.all(this.#pending);
    return this.#calls;
  }
}

/** How many calls failed, by what the server said. */
export function failuresOf(calls: ReadonlyArray<Call<string>>): Record<string, number> {
  const failures: Record<string, number> = {};
  for (const { failure } of calls) {
    if (failure !== undefined) failures[failure] = 1 + (failures[failure] ?? 0);
  }
  return failures;
}
