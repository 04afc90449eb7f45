/** Runs a task in parallel workers. Each worker runs it `rounds` times, one after the other. */
export async function runInParallel(
  workers: number,
  rounds: number,
  task: (worker: number, round: number) => Promise<void>,
): Promise<void> {
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      for (let round = 0; round < rounds; round++) {
        await task(worker, round);
      }
    }),
  );
}

/** Records the failures of calls, and the duration of the longest call. */
export class CallRecorder {
  readonly failures: string[] = [];
  #longest = 0;

  /** Milliseconds that the longest call lasted, failed calls included. */
  get longest(): number {
    return this.#longest;
  }

  /** Runs a call. Records its error instead of throwing it. */
  async record(call: () => Promise<unknown>): Promise<void> {
    const start = performance.now();
    try {
      await call();
    } catch (error) {
      this.failures.push(String(error));
    } finally {
      this.#longest = Math.max(this.#longest, performance.now() - start);
    }
  }
}

/** Holds requests back until the test releases all of them. */
export class Barrier {
  /** Resolves when the expected number of requests has arrived. */
  readonly full: Promise<void>;
  readonly #released: Promise<void>;
  #countArrival: () => void = () => {};
  #release: () => void = () => {};

  constructor(expected: number) {
    let missing = expected;
    this.full = new Promise((resolve) => {
      this.#countArrival = () => {
        missing--;
        if (missing === 0) {
          resolve();
        }
      };
    });
    this.#released = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  /** Resolves when the test releases the barrier. */
  arrive(): Promise<void> {
    this.#countArrival();
    return this.#released;
  }

  release(): void {
    this.#release();
  }
}
