import type { Knex } from 'knex';
import { ArgumentError, DatabaseError, StoreClosedError } from '../errors';
import { DeadlineError, withDeadline } from '../util/deadline';
import { now } from '../util/timers';
import type { Connection, Parameter, Row } from './connection';
import {
  type ConnectionOptions,
  type ConnectionSource,
  parseConnection,
} from './connection-options';
import { ConnectionTracker } from './connection-tracker';
import {
  invalidTransactionState,
  isHostFailure,
  isOutOfService,
  leavesConnectionClean,
} from './error-codes';
import { HostFailover } from './host-failover';
import { openPool, type RawConnection } from './pool';
import { interrupted, query, toDatabaseError } from './query';

/** How to reach the database: the application's knex instance, or one or more hosts. */
export type DatabaseConfig =
  | { readonly knex: Knex }
  | { readonly hosts: readonly ConnectionSource[] };

/**
 * Tests whether the server of a connection can serve: it answers, has the routines and takes
 * writes. Rejects with the reason if it can't.
 */
export type ServerProbe = (connection: Connection) => Promise<void>;

/** After how many milliseconds without an answer a connection is tested before its next call. */
const maxSilence = 30_000;

/** How long the end of a pool may take, in milliseconds. */
const maxCloseTime = 1_000;

/** A pool of connections. Takes statements and returns rows. */
export class Database implements Connection {
  readonly #tracker = new ConnectionTracker();
  readonly #inUse = new Set<RawConnection>();
  #isClosed = false;
  #hasWarned = false;

  private constructor(
    private readonly knex: Knex,
    private readonly probe: ServerProbe | undefined,
    private readonly isOwner: boolean,
    private readonly failover?: HostFailover,
  ) {}

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
    const database = new Database(knex, probe, false);
    // https://github.com/vincit/tarn.js: an external pool may have no events.
    knex.client.pool?.on?.('createSuccess', database.#onCreate);
    return database;
  }

  static #openHost(source: ConnectionSource, probe?: ServerProbe): Database {
    const knex = openPool(async (connect) => {
      const raw = await connect(await source.options());
      database.#tracker.opened(raw);
      return raw;
    });
    const database = new Database(knex, probe, true);
    return database;
  }

  static #openHosts(sources: readonly ConnectionSource[], probe: ServerProbe): Database {
    const failover = new HostFailover(sources, async (source) => {
      const host = Database.#openHost(source);
      try {
        await probe(host);
      } finally {
        // Not awaited: a host that does not answer would delay the choice.
        host.close().catch(() => {});
      }
    });
    const knex = openPool(async (connect) => {
      const raw = await failover.open(connect, (opened) => probe(connectionOver(knex, opened)));
      database.#tracker.opened(raw);
      return raw;
    });
    const database = new Database(knex, probe, true, failover);
    return database;
  }

  /** Sends a statement on any connection of the pool. */
  async query(
    sql: string,
    parameters?: readonly Parameter[],
    deadline = Number.POSITIVE_INFINITY,
  ): Promise<readonly Row[]> {
    const raw = await this.#acquire(deadline);
    const sentAt = now();
    try {
      const result = await query(this.knex, raw, sql, parameters, deadline);
      this.#tracker.answered(raw);
      if (result.isInTransaction) {
        throw openTransaction();
      }
      if (!result.hadEffect && sql.startsWith('CALL ')) {
        throw interrupted();
      }
      return result.rows;
    } catch (error) {
      this.#judge(raw, error, sentAt);
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

  /** Uses no connection any more that is open now: a server behind them takes no writes. */
  distrustOpenConnections(): void {
    this.#tracker.distrustOpen();
  }

  /** Ends the calls in flight, and closes the pool unless it belongs to the application. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#inUse.forEach(discard);
    if (this.isOwner) {
      // The pool waits for connections that are being opened. A silent host would delay it.
      await withDeadline(this.knex.destroy(), now() + maxCloseTime, '').catch(() => {});
    } else {
      this.knex.client.pool?.removeListener?.('createSuccess', this.#onCreate);
    }
  }

  readonly #onCreate = (_event: number, raw: RawConnection): void => this.#tracker.opened(raw);

  /** Discards a connection after a failure unless it is clean, and distrusts others. */
  #judge(raw: RawConnection, error: unknown, sentAt: number): void {
    const failure = error instanceof DatabaseError ? error : undefined;
    if (failure?.errno !== undefined) {
      this.#tracker.answered(raw);
    }
    // A late statement may still run. An unknown failure may leave a transaction open: the server
    // would roll back what later calls write.
    if (failure === undefined || !leavesConnectionClean(failure)) {
      discard(raw);
    }
    const isLate = error instanceof DeadlineError;
    if (isLate || (failure && isHostFailure(failure))) {
      this.failover?.markSuspect(raw);
    }
    if (isLate) {
      this.#tracker.distrustSilent(sentAt);
    } else if (failure && isOutOfService(failure)) {
      this.#tracker.distrustOpen();
    }
  }

  /** Returns a connection that nothing speaks against. */
  async #acquire(deadline = Number.POSITIVE_INFINITY): Promise<RawConnection> {
    for (;;) {
      if (this.#isClosed) {
        throw new StoreClosedError();
      }
      const raw = await withDeadline(
        this.#acquireAny(),
        deadline,
        'no connection was free',
        (late) => this.#release(late),
      );
      const isStale = this.failover?.isStale(raw) || this.#tracker.isDistrusted(raw);
      if (!isStale && (await this.#passesTest(raw, deadline))) {
        return raw;
      }
      discard(raw);
      await this.#release(raw);
      if (now() > deadline) {
        throw new DeadlineError('no host kept serving');
      }
    }
  }

  /** Tests a connection after a long silence: the network may have forgotten it without a word. */
  async #passesTest(raw: RawConnection, deadline: number): Promise<boolean> {
    if (this.probe === undefined || this.#tracker.silence(raw) < maxSilence) {
      return true;
    }
    const sentAt = now();
    try {
      await withDeadline(this.probe(connectionOver(this.knex, raw)), deadline, 'no answer');
      this.#tracker.answered(raw);
      return true;
    } catch (error) {
      const failure = error instanceof DatabaseError ? error : undefined;
      const isDead = error instanceof DeadlineError || (failure && isHostFailure(failure));
      if (!isDead) {
        return true;
      }
      this.#judge(raw, error, sentAt);
      if (failure?.errno === undefined) {
        this.#warnOfIdleConnections();
      }
      return false;
    }
  }

  #warnOfIdleConnections(): void {
    const min = this.knex.client.pool?.min;
    if (!this.isOwner && !this.#hasWarned && min > 0) {
      this.#hasWarned = true;
      process.emitWarning(
        `A connection of the knex pool was idle, and dead. Its option \`pool.min\` is ${min}: with 0, ` +
          'knex closes idle connections before the network forgets them',
        { type: 'IdleConnectionWarning' },
      );
    }
  }

  async #acquireAny(): Promise<RawConnection> {
    try {
      const raw: RawConnection = await this.knex.client.acquireConnection();
      this.#inUse.add(raw);
      return raw;
    } catch (error) {
      if (this.#isClosed) {
        throw new StoreClosedError();
      }
      throw error instanceof DatabaseError || error instanceof ArgumentError
        ? error
        : toDatabaseError(error);
    }
  }

  #release(raw: RawConnection): Promise<void> {
    this.#inUse.delete(raw);
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
