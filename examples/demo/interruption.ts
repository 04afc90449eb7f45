import { once } from 'node:events';

/** Ctrl-C, and what a supervisor sends: the demo then ends by the way that also cleans up. */
export class Interruption {
  readonly #controller = new AbortController();

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => this.#controller.abort(new Error(`Interrupted by ${signal}.`)));
    }
    // A reader such as `head` has seen enough.
    process.stdout.on('error', (error) => this.#controller.abort(error));
  }

  get came(): boolean {
    return this.#controller.signal.aborted;
  }

  throwIfCame(): void {
    this.#controller.signal.throwIfAborted();
  }

  async wait(): Promise<void> {
    if (!this.came) {
      await once(this.#controller.signal, 'abort');
    }
  }
}
