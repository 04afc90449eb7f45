import knexFactory, { type Knex } from 'knex';
import { type ConnectionOptions, connectionSettings } from './connection-settings';
import { toDatabaseError } from './database-error';
import { byDeadline, DeadlineError } from './deadline';
import { ArgumentError, DatabaseError, describe } from './errors';
import { type HostCheck, Hosts } from './hosts';
import { type Row, rowsOf } from './rows';
import { isHostFailure } from './servers';

export type { ConnectionOptions, Knex };

/** A value that a statement takes: text goes as bytes, so that no `sql_mode` changes what it means. */
export type Parameter = Buffer | number | string | null;

/** Statements on one and the same connection. */
export interface Connection {
  /**
   * @param deadline by `performance.now()`; past it, the statement is given up; by default it has all the time
   * @throws {DeadlineError}
   */
  query(sql: string, parameters?: readonly Parameter[], deadline?: number): Promise<readonly Row[]>;
}

/** A knex instance, as rows out of statements. Closes only what it opened. */
export class Database implements Connection {
  private constructor(
    private readonly knex: Knex,
    private readonly owned: boolean,
    private readonly hosts?: Hosts,
  ) {}

  /** @throws {ArgumentError} for anything but a knex instance that speaks through mysql2 */
  static of(knex: Knex): Database {
    const driver: unknown = typeof knex === 'function' ? knex.client?.driverName : undefined;
    if (driver !== 'mysql2') {
      const got = driver === undefined ? describe(knex) : `one for ${driver}`;
      throw new ArgumentError('knex', "a knex instance with the client 'mysql2'", got);
    }
    return new Database(knex, false);
  }

  /** @throws {ArgumentError} for what is neither a URL of MySQL or MariaDB nor an object */
  static open(connection: string | ConnectionOptions): Database {
    return Database.#open(connectionSettings(connection));
  }

  /** One of several hosts: for each new connection the first that serves. */
  static openFirst(hosts: readonly ConnectionOptions[], check: HostCheck): Database {
    return Database.#open(new Hosts(hosts, (settings) => Database.#open(settings), check));
  }

  static #open(where: ConnectionOptions | Hosts): Database {
    const hosts = where instanceof Hosts ? where : undefined;
    // The pool serves nothing but this package, so that no other charset is of any use on it.
    const charset = 'utf8mb4';
    const knex = knexFactory({
      client: 'mysql2',
      // A known version spares the query for it, which knex would send ahead of the first call.
      version: 'latest',
      connection:
        where instanceof Hosts
          ? async () => ({ ...(await where.settings()), charset })
          : { ...where, charset },
      pool: {
        min: 0,
        max: 10,
        // Node warns where a function with such a callback gives a promise too (DEP0174).
        afterCreate: (raw: RawConnection, done: (error: null, raw: RawConnection) => void) => {
          const proven = hosts?.opened(raw, database.over(raw)) ?? Promise.resolve();
          proven.then(() => done(null, raw));
        },
      },
      // What knex would print of a lost connection reaches the caller as an error.
      log: { warn: ignore, error: ignore, deprecate: ignore, debug: ignore },
    });
    const database = new Database(knex, true, hosts);
    return database;
  }

  /** Whether there is another host to go to where one fails. */
  get hasSeveralHosts(): boolean {
    return this.hosts !== undefined;
  }

  /** Past the deadline, the connection is discarded, for nobody knows what the server still does on it. */
  async query(
    sql: string,
    parameters?: readonly Parameter[],
    deadline = Number.POSITIVE_INFINITY,
  ): Promise<readonly Row[]> {
    const raw = await this.acquireBy(deadline);
    try {
      return await this.over(raw).query(sql, parameters, deadline);
    } catch (error) {
      const isLate = error instanceof DeadlineError;
      if (isLate || (error instanceof DatabaseError && isHostFailure(error))) {
        this.hosts?.suspect(raw);
      }
      if (isLate) {
        discard(raw);
      }
      throw error;
    } finally {
      await this.knex.client.releaseConnection(raw);
    }
  }

  /** Gives `work` one connection of its own, for what lasts longer than a statement: locks and settings. */
  async withConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const raw = await this.acquire();
    try {
      return await work(this.over(raw));
    } finally {
      await this.knex.client.releaseConnection(raw);
    }
  }

  private async acquireBy(deadline: number): Promise<RawConnection> {
    const acquiring = this.acquire(deadline);
    try {
      return await byDeadline(deadline, acquiring, 'no connection was free');
    } catch (error) {
      acquiring.then((late) => this.knex.client.releaseConnection(late)).catch(ignore);
      throw error;
    }
  }

  private async acquire(deadline = Number.POSITIVE_INFINITY): Promise<RawConnection> {
    for (;;) {
      const raw = await this.acquireAny();
      if (!this.hosts?.isStale(raw)) {
        return raw;
      }
      discard(raw);
      await this.knex.client.releaseConnection(raw);
      if (performance.now() > deadline) {
        throw new DeadlineError('no host kept serving');
      }
    }
  }

  private async acquireAny(): Promise<RawConnection> {
    try {
      return await this.knex.client.acquireConnection();
    } catch (error) {
      const failure = toDatabaseError(error);
      if (isHostFailure(failure)) {
        this.hosts?.suspect();
      }
      throw failure;
    }
  }

  private over(raw: RawConnection): Connection {
    return {
      query: (sql, parameters, deadline = Number.POSITIVE_INFINITY) =>
        byDeadline(deadline, rowsOf(this.raw(sql, parameters).connection(raw)), 'the server did not answer'),
    };
  }

  // Without parameters, a question mark is nothing but a question mark.
  private raw(sql: string, parameters?: readonly Parameter[]): Knex.Raw {
    return parameters ? this.knex.raw(sql, [...parameters]) : this.knex.raw(sql);
  }

  async close(): Promise<void> {
    if (this.owned) {
      await this.knex.destroy();
    }
  }
}

/** A connection of mysql2, as far as it is needed here. */
interface RawConnection {
  readonly stream: { destroy(): void };
}

// The pool looks at the stream before it lends the connection again. To end it in good order could take for ever.
function discard(raw: RawConnection): void {
  raw.stream.destroy();
}

function ignore(): void {}
