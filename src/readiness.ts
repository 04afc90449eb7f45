import { assertServes, type Limits } from './limits';
import type { Routines } from './routines';

/** Whether the database side is what this version of the package works with, looked at once. */
export class Readiness {
  #limits: Promise<Limits> | undefined;

  constructor(private readonly routines: Pick<Routines, 'version'>) {}

  /** Resolves with the server's limits when all has been found right; rejects with the remedy. */
  check(): Promise<Limits> {
    this.#limits ??= this.#look();
    return this.#limits;
  }

  // One failed start poisons nothing: the next call looks again.
  async #look(): Promise<Limits> {
    try {
      const version = await this.routines.version();
      assertServes(version);
      return version;
    } catch (error) {
      this.#limits = undefined;
      throw error;
    }
  }
}
