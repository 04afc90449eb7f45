import { type Scope, SharedScope } from './scope';

/** Limits how many tests do something at the same time. */
export class Slots {
  readonly #holders = new WeakSet<Scope>();
  readonly #waiting: Array<() => void> = [];

  constructor(private free: number) {}

  /**
   * Resolves when the scope has a slot, which it keeps until its end. A scope that has one gets no
   * other. What all tests of a file share needs none: the tests would wait for it forever.
   */
  async acquire(scope: Scope): Promise<void> {
    if (scope instanceof SharedScope || this.#holders.has(scope)) return;
    this.#holders.add(scope);
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    scope.teardown(() => {
      const next = this.#waiting.shift();
      if (next) next();
      else this.free++;
    });
  }
}
