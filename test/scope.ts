import type { ExecutionContext } from 'ava';

/** How long something lasts that a test makes: a test, or all tests of a file. */
export type Scope = Pick<ExecutionContext, 'teardown'>;

/** For what all tests of a file share: they end it in `after.always`, for a hook has no teardown of its own. */
export class SharedScope implements Scope {
  readonly #teardowns: Array<() => unknown> = [];

  teardown(end: () => unknown): void {
    this.#teardowns.push(end);
  }

  /** Ends what was made, the last of it first. */
  async end(): Promise<void> {
    for (const end of this.#teardowns.splice(0).reverse()) {
      await end();
    }
  }
}
