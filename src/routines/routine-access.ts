import { contractVersion } from '../contract';
import type { Connection } from '../database/connection';
import { Database } from '../database/database';
import { explainTooOld } from '../database/server-version';
import { InstallationError, StoreClosedError } from '../errors';
import type { ResolvedOptions } from '../options/resolve-options';
import { withDeadline } from '../util/deadline';
import { quoteIdentifier } from '../util/identifiers';
import { now } from '../util/timers';
import { RetryPolicy } from './retry-policy';
import { RoutineClient } from './routine-client';
import type { ServerVersion } from './routine-results';

/** The limits of a server for the text of a session. */
export type ServerLimits = Pick<ServerVersion, 'jsonDepth' | 'maxAllowedPacket'>;

/** What a server answered to a ping. */
export interface PingResult {
  /** Whether the server takes writes now. */
  readonly writable: boolean;
  /** How many milliseconds the answer took. */
  readonly latencyMs: number;
  /** The name and port that the server has for itself, such as `db2:3306`. */
  readonly host: string;
}

type AccessOptions = Pick<
  ResolvedOptions<object>,
  'database' | 'routinePrefix' | 'schema' | 'retryBudget'
>;

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
  /** What the routines' names start with in a statement. */
  readonly #prefix: string;
  #limits: Promise<ServerLimits> | undefined;
  #isClosed = false;

  constructor({ database, routinePrefix, schema, retryBudget }: AccessOptions) {
    const qualifier = schema === undefined ? '' : `${quoteIdentifier(schema)}.`;
    this.#prefix = `${qualifier}${routinePrefix}`;
    this.#database = Database.from(database, (host, deadline) => this.#probe(host, deadline));
    const retryPolicy = new RetryPolicy(retryBudget);
    this.routines = new RoutineClient(this.#database, this.#prefix, 'application', retryPolicy);
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

  /**
   * Asks the server now. If it takes no writes, asks again on a new connection: the name may lead
   * to another server since.
   *
   * @param timeout in milliseconds
   * @throws {DatabaseError} if the server does not answer in time
   */
  async ping(timeout: number): Promise<PingResult> {
    if (this.#isClosed) {
      throw new StoreClosedError();
    }
    const end = now() + timeout;
    const first = await this.#ask(timeout);
    if (first.writable) {
      return first;
    }
    this.#database.distrustOpenConnections();
    return this.#ask(Math.max(end - now(), 1));
  }

  #probe(host: Connection, deadline: number): Promise<ServerVersion> {
    const connection: Connection = {
      query: (sql, parameters) => host.query(sql, parameters, deadline),
    };
    return new RoutineClient(connection, this.#prefix).version();
  }

  async #ask(timeout: number): Promise<PingResult> {
    const policy = new RetryPolicy(timeout);
    const routines = new RoutineClient(this.#database, this.#prefix, 'application', policy);
    const startedAt = now();
    const { isReadOnly, host } = await routines.version();
    return { writable: !isReadOnly, latencyMs: now() - startedAt, host };
  }

  /**
   * Refuses new calls, waits for those in flight, and closes the connections.
   *
   * @param timeout how many milliseconds the calls in flight may take
   */
  async close(timeout: number): Promise<void> {
    this.#isClosed = true;
    await withDeadline(this.routines.idle(), now() + timeout, 'calls are in flight').catch(
      () => {},
    );
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
