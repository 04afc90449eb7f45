/** Lets work on the same thing begin one after the other, in the order in which it was asked for. */
export class Turns {
  readonly #last = new Map<unknown, Promise<unknown>>();

  /** @returns what the work gives, once all that came before it on the same thing is over, well or badly */
  async take<Result>(thing: unknown, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(thing);
    const turn = before ? before.then(work, work) : work();
    this.#last.set(thing, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(thing) === turn) {
        this.#last.delete(thing);
      }
    }
  }
}
