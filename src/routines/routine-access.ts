import { contractVersion } from '../contract';
import { Database } from '../database/database';
import { explainTooOld } from '../database/server-version';
import { InstallationError, StoreClosedError } from '../errors';
import type { ResolvedOptions } from '../options/resolve-options';
import { probeHost } from './probe-host';
import { RetryPolicy } from './retry-policy';
import { RoutineClient } from './routine-client';
import type { ServerVersion } from './routine-results';

/** The limits of a server for the text of a session. */
export type ServerLimits = Pick<ServerVersion, 'jsonDepth' | 'maxAllowedPacket'>;

type AccessOptions = Pick<ResolvedOptions<object>, 'database' | 'routinePrefix' | 'retryBudget'>;

/** @throws {InstallationError} if this version of the package can't use the installed routines */
export function assertCompatible({ contract, autocommit, server }: ServerVersion): void {
  const tooOld = explainTooOld(server);
  if (tooOld !== undefined) {
    throw new InstallationError(tooOld);
  }
  if (contract < contractVersion) {
    throw new InstallationError(
      `The installed routines have contract version ${contract}, but this version of the package ` +
        `needs ${contractVersion}. Ask a DBA to run: knex-mysql-session migrate`,
    );
  }
  if (!autocommit) {
    throw new InstallationError(
      'The connection has autocommit off, so the server would never store a session. ' +
        'Set autocommit=1 on the server',
    );
  }
}

/** The routines of one store: checked before the first call, refused after `close()`. */
export class RoutineAccess {
  readonly routines: RoutineClient;
  readonly #database: Database;
  #limits: Promise<ServerLimits> | undefined;
  #isClosed = false;

  constructor({ database, routinePrefix, retryBudget }: AccessOptions) {
    this.#database = Database.from(database, (host) => probeHost(host, routinePrefix));
    const retryPolicy = new RetryPolicy(retryBudget, this.#database.hasSeveralHosts);
    this.routines = new RoutineClient(this.#database, routinePrefix, 'application', retryPolicy);
  }

  /**
   * Checks the installed routines once, and returns the server's limits.
   *
   * @throws {InstallationError} if the package can't use the routines
   * @throws {StoreClosedError} after `close()`
   */
  async open(): Promise<ServerLimits> {
    if (this.#isClosed) {
      throw new StoreClosedError();
    }
    this.#limits ??= this.#check();
    return this.#limits;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#database.close();
  }

  // After a failure, the next call checks again.
  async #check(): Promise<ServerLimits> {
    try {
      const version = await this.routines.version();
      assertCompatible(version);
      return version;
    } catch (error) {
      this.#limits = undefined;
      throw error;
    }
  }
}
