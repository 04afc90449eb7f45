import type { ExecutionContext } from 'ava';

/** How long a resource of a test lasts: for one test, or for all tests of a file. */
export type Scope = Pick<ExecutionContext, 'teardown'>;

/**
 * The scope of resources that all tests of a file share. A hook of AVA has no `teardown`, so the
 * file must call `end` in `test.after.always`.
 */
export class SharedScope implements Scope {
  readonly #teardowns: Array<() => unknown> = [];

  teardown(end: () => unknown): void {
    this.#teardowns.push(end);
  }

  /** Ends all resources, the newest first. */
  async end(): Promise<void> {
    for (const end of this.#teardowns.splice(0).reverse()) {
      await end();
    }
  }
}
