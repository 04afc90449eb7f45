import type { Knex } from 'knex';
import { ArgumentError, DatabaseError } from '../errors';
import { DeadlineError, withDeadline } from '../util/deadline';
import { describe } from '../util/describe';
import { now } from '../util/timers';
import type { Connection, Parameter, Row } from './connection';
import { type ConnectionOptions, parseConnection } from './connection-options';
import { invalidTransactionState, isHostFailure, leavesConnectionClean } from './error-codes';
import { HostFailover, type HostProbe } from './host-failover';
import { openPool, type RawConnection } from './pool';
import { interrupted, query, toDatabaseError } from './query';
import { assertTlsIsKnown } from './ssl-mode';

/** How to reach the database: the application's knex instance, or one or more hosts. */
export type DatabaseConfig =
  | { readonly knex: Knex }
  | { readonly hosts: readonly ConnectionOptions[] };

/**
 * @throws {ArgumentError} if the value is not a knex instance with the client mysql2, or if it is a
 * transaction
 */
export function assertMysql2(knex: unknown): Knex {
  if (isMysql2(knex)) {
    if (Reflect.get(knex, 'isTransaction') === true) {
      const expected = 'the knex instance itself: each call of the store is its own transaction';
      throw new ArgumentError('knex', expected, 'a transaction of it');
    }
    assertConnectable(knex.client.config);
    return knex;
  }
  const driver = driverOf(knex);
  const got = driver === undefined ? describe(knex) : `one for ${driver}`;
  throw new ArgumentError('knex', "a knex instance with the client 'mysql2'", got);
}

// A function is not read: knex calls it for each new connection.
function assertConnectable({ connection, connectionPool }: Knex.Config): void {
  if (!connection && !connectionPool) {
    const expected = 'a knex instance with a connection';
    const got = 'one without: is the variable of its URL unset, such as MYSQL_URL?';
    throw new ArgumentError('knex', expected, got);
  }
  if (typeof connection === 'object') {
    const uri: unknown = Reflect.get(connection, 'uri');
    const isUrl = typeof uri === 'string' && URL.canParse(uri);
    const parameters = isUrl ? new URL(uri).searchParams.keys() : [];
    assertTlsIsKnown('knex', [...Object.keys(connection), ...parameters]);
  }
}

function isMysql2(knex: unknown): knex is Knex {
  return driverOf(knex) === 'mysql2';
}

function driverOf(knex: unknown): unknown {
  return typeof knex === 'function' ? Object(Reflect.get(knex, 'client')).driverName : undefined;
}

/** A pool of connections. Takes statements and returns rows. */
export class Database implements Connection {
  private constructor(
    private readonly knex: Knex,
    private readonly isOwner: boolean,
    private readonly failover?: HostFailover,
  ) {}

  /** @param probe tests a host, if there are several */
  static from(config: DatabaseConfig, probe: HostProbe): Database {
    if ('knex' in config) {
      return new Database(config.knex, false);
    }
    const [first, ...others] = config.hosts;
    return first !== undefined && others.length === 0
      ? Database.#openHost(first)
      : Database.#openHosts(config.hosts, probe);
  }

  /** @throws {ArgumentError} if the connection is neither a MySQL or MariaDB URL nor an object */
  static open(connection: string | ConnectionOptions): Database {
    return Database.#openHost(parseConnection(connection));
  }

  static #openHost(options: ConnectionOptions): Database {
    return new Database(openPool(options), true);
  }

  static #openHosts(hosts: readonly ConnectionOptions[], probe: HostProbe): Database {
    const failover = new HostFailover(hosts, (host) => Database.#openHost(host), probe);
    const knex = openPool(
      () => failover.connectionOptions(),
      (raw) => failover.register(raw, connectionOver(knex, raw)),
    );
    return new Database(knex, true, failover);
  }

  /** Whether another host can serve if one fails. */
  get hasSeveralHosts(): boolean {
    return this.failover !== undefined;
  }

  /** Sends a statement on any connection of the pool. */
  async query(
    sql: string,
    parameters?: readonly Parameter[],
    deadline = Number.POSITIVE_INFINITY,
  ): Promise<readonly Row[]> {
    const raw = await this.#acquire(deadline);
    try {
      const result = await query(this.knex, raw, sql, parameters, deadline);
      if (result.isInTransaction) {
        throw openTransaction();
      }
      if (!result.hadEffect && sql.startsWith('CALL ')) {
        throw interrupted();
      }
      return result.rows;
    } catch (error) {
      const isLate = error instanceof DeadlineError;
      if (isLate || (error instanceof DatabaseError && isHostFailure(error))) {
        this.failover?.markSuspect(raw);
      }
      // A late statement may still run. An unknown failure may leave a transaction open: the server
      // would roll back what later calls write.
      if (!(error instanceof DatabaseError && leavesConnectionClean(error))) {
        discard(raw);
      }
      throw error;
    } finally {
      await this.#release(raw);
    }
  }

  /** Runs a task on one connection, for locks and session variables that outlive a statement. */
  async withConnection<Result>(task: (connection: Connection) => Promise<Result>): Promise<Result> {
    const raw = await this.#acquire();
    try {
      return await task(connectionOver(this.knex, raw));
    } finally {
      await this.#release(raw);
    }
  }

  /** Closes the pool, unless it belongs to the application. */
  async close(): Promise<void> {
    if (this.isOwner) {
      await this.knex.destroy();
    }
  }

  /** Returns a connection to a host that is not suspect. */
  async #acquire(deadline = Number.POSITIVE_INFINITY): Promise<RawConnection> {
    for (;;) {
      const raw = await withDeadline(
        this.#acquireAny(),
        deadline,
        'no connection was free',
        (late) => this.#release(late),
      );
      if (!this.failover?.isStale(raw)) {
        return raw;
      }
      discard(raw);
      await this.#release(raw);
      if (now() > deadline) {
        throw new DeadlineError('no host kept serving');
      }
    }
  }

  async #acquireAny(): Promise<RawConnection> {
    try {
      return await this.knex.client.acquireConnection();
    } catch (error) {
      const failure = toDatabaseError(error);
      if (isHostFailure(failure)) {
        this.failover?.markSuspect();
      }
      throw failure;
    }
  }

  #release(raw: RawConnection): Promise<void> {
    return this.knex.client.releaseConnection(raw);
  }
}

function connectionOver(knex: Knex, raw: RawConnection): Connection {
  return {
    query: async (sql, parameters, deadline) =>
      (await query(knex, raw, sql, parameters, deadline)).rows,
  };
}

// Someone began a transaction on this connection, and left it open. The routine then read old rows,
// and the server would roll back what it wrote.
function openTransaction(): DatabaseError {
  return new DatabaseError(
    'The connection had an open transaction, so the call was rolled back. ' +
      'End each transaction on the connection that began it',
    { code: 'ERR_OPEN_TRANSACTION', errno: undefined, sqlState: invalidTransactionState },
  );
}

// The pool sees the closed stream and drops the connection. Closing it properly could take forever.
function discard(raw: RawConnection): void {
  raw.stream.destroy();
}
