import type { Knex } from 'knex';
import { DatabaseError, StoreClosedError } from '../errors';
import { now } from '../util/timers';
import type { Connection, Parameter, Row } from './connection';
import {
  type ConnectionOptions,
  type ConnectionSource,
  parseConnection,
} from './connection-options';
import { ConnectionPool, type PoolSettings } from './connection-pool';
import { invalidTransactionState } from './error-codes';
import { HostFailover } from './host-failover';
import { openKnex, type RawConnection } from './open-knex';
import { interrupted, query } from './query';
import { assertWritable, maxProbeTime, type ServerState } from './server-state';

/** How to reach the database: the application's knex instance, or one or more hosts. */
export type DatabaseConfig =
  | { readonly knex: Knex }
  | { readonly hosts: readonly ConnectionSource[] };

/** Asks a server that has the routines who it is, and whether it takes writes. */
export type ServerProbe = (connection: Connection, deadline: number) => Promise<ServerState>;

/** Sends statements to the database on the connections of a pool, and returns rows. */
export class Database implements Connection {
  private readonly pool: ConnectionPool;

  private constructor(
    private readonly knex: Knex,
    settings: PoolSettings,
  ) {
    this.pool = new ConnectionPool(knex, settings);
  }

  static from(config: DatabaseConfig, probe: ServerProbe): Database {
    if ('knex' in config) {
      return Database.#shareKnex(config.knex, probe);
    }
    const [first, ...others] = config.hosts;
    return first !== undefined && others.length === 0
      ? Database.#openHost(first, probe)
      : Database.#openHosts(config.hosts, probe);
  }

  /** @throws {ArgumentError} if the connection is neither a MySQL or MariaDB URL nor an object */
  static open(connection: string | ConnectionOptions): Database {
    const options = parseConnection(connection);
    return Database.#openHost({ label: '', options: async () => options });
  }

  static #shareKnex(knex: Knex, probe: ServerProbe): Database {
    return new Database(knex, { isOwned: false, probe: probeWith(knex, probe) });
  }

  static #openHost(source: ConnectionSource, probe?: ServerProbe): Database {
    const knex = openKnex(async (connect) => connect(await source.options()));
    return new Database(knex, { isOwned: true, probe: probe && probeWith(knex, probe) });
  }

  static #openHosts(sources: readonly ConnectionSource[], probe: ServerProbe): Database {
    const failover = new HostFailover(sources, async (source) => {
      const host = Database.#openHost(source);
      try {
        assertWritable(await probe(host, now() + maxProbeTime));
      } finally {
        // Not awaited: a host that does not answer would delay the choice.
        host.close().catch(() => {});
      }
    });
    const knex = openKnex((connect) => failover.open(connect));
    return new Database(knex, { isOwned: true, probe: probeWith(knex, probe), failover });
  }

  /** Sends a statement on any connection of the pool. */
  async query(
    sql: string,
    parameters?: readonly Parameter[],
    deadline = Number.POSITIVE_INFINITY,
  ): Promise<readonly Row[]> {
    const raw = await this.pool.acquire(deadline);
    const sentAt = now();
    try {
      const result = await query(this.knex, raw, sql, parameters, deadline);
      this.pool.tracker.answered(raw);
      if (result.isInTransaction) {
        throw openTransaction();
      }
      if (!result.hadEffect && sql.startsWith('CALL ')) {
        throw interrupted();
      }
      return result.rows;
    } catch (error) {
      this.pool.judge(raw, error, sentAt);
      // `close()` ended the connection, and not the server.
      const isAnswer = error instanceof DatabaseError && error.errno !== undefined;
      throw this.pool.isClosed && !isAnswer ? new StoreClosedError() : error;
    } finally {
      await this.pool.release(raw);
    }
  }

  /** Runs a task on one connection, for locks and session variables that outlive a statement. */
  async withConnection<Result>(task: (connection: Connection) => Promise<Result>): Promise<Result> {
    const raw = await this.pool.acquire();
    try {
      return await task(connectionOver(this.knex, raw));
    } finally {
      await this.pool.release(raw);
    }
  }

  /** Uses no connection any more that is open now: a server behind them takes no writes. */
  distrustOpenConnections(): void {
    this.pool.tracker.distrustOpen();
  }

  /** Ends the calls in flight, and closes the pool unless it belongs to the application. */
  close(): Promise<void> {
    return this.pool.close();
  }
}

function probeWith(knex: Knex, probe: ServerProbe): PoolSettings['probe'] {
  return (raw, deadline) => probe(connectionOver(knex, raw), deadline);
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
