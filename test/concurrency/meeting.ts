/** Where requests wait, each of which has loaded its session, until all of them are let go. */
export class Meeting {
  /** Resolves when as many have come as are expected. */
  readonly complete: Promise<void>;
  readonly #end: Promise<void>;
  #come: () => void = () => {};
  #letGo: () => void = () => {};

  constructor(expected: number) {
    let missing = expected;
    this.complete = new Promise((resolve) => {
      this.#come = () => {
        missing--;
        if (missing === 0) {
          resolve();
        }
      };
    });
    this.#end = new Promise((resolve) => {
      this.#letGo = resolve;
    });
  }

  /** Comes, and waits until it is let go. */
  attend(): Promise<void> {
    this.#come();
    return this.#end;
  }

  letGo(): void {
    this.#letGo();
  }
}
