import type { Database } from './database';
import { StoreClosedError } from './errors';
import type { Limits } from './limits';
import { Readiness } from './readiness';
import { Retries } from './retries';
import { Routines } from './routines';
import type { Settings } from './settings';

type DatabaseSettings = Pick<Settings<object>, 'database' | 'routinePrefix' | 'retryBudget'>;

/** The routines of a store, which have to be found right, until it is closed. */
export class Access {
  readonly routines: Routines;
  readonly #database: Database;
  readonly #readiness: Readiness;
  #closed = false;

  constructor({ database, routinePrefix, retryBudget }: DatabaseSettings) {
    this.#database = database;
    this.routines = new Routines(database, routinePrefix, new Retries(retryBudget, database.hasSeveralHosts));
    this.#readiness = new Readiness(this.routines);
  }

  /** Resolves when the routines may be called; rejects with the remedy, or where the store is closed. */
  open(): Promise<Limits> {
    return this.#closed ? Promise.reject(new StoreClosedError()) : this.#readiness.check();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#database.close();
  }
}
