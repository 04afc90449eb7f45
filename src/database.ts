import knexFactory, { type Knex } from 'knex';
import { ArgumentError, DatabaseError, describe } from './errors';
import { parseSslMode, verificationOf } from './ssl-mode';

export type { Knex };

/** mysql2's settings for a connection. */
export type ConnectionOptions = Knex.MySql2ConnectionConfig;

/** A value that a statement takes: text goes as bytes, so that no `sql_mode` changes what it means. */
export type Parameter = Buffer | number | string | null;

/** One row of a result, its values in the order of the columns. */
export type Row = readonly unknown[];

/** Statements on one and the same connection. */
export interface Connection {
  query(sql: string, parameters?: readonly Parameter[]): Promise<readonly Row[]>;
}

// A row comes as an array of plain values whatever the application set for its own queries on the same knex
// instance; only a function overrides a typeCast of the connection.
const queryOptions = {
  rowsAsArray: true,
  nestTables: false,
  typeCast: (_field: unknown, next: () => unknown) => next(),
};

/** A knex instance, as rows out of statements. Closes only what it opened. */
export class Database implements Connection {
  private constructor(
    private readonly knex: Knex,
    private readonly owned: boolean,
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
    return new Database(
      knexFactory({
        client: 'mysql2',
        // A known version spares the query for it, which knex would send ahead of the first call.
        version: 'latest',
        // The pool serves nothing but this package, so that no other charset is of any use on it.
        connection: { ...withSslMode(connectionOptions(connection)), charset: 'utf8mb4' },
        pool: { min: 0, max: 10 },
        // What knex would print of a lost connection reaches the caller as an error.
        log: { warn: ignore, error: ignore, deprecate: ignore, debug: ignore },
      }),
      true,
    );
  }

  query(sql: string, parameters?: readonly Parameter[]): Promise<readonly Row[]> {
    return run(this.raw(sql, parameters));
  }

  /** Gives `work` one connection of its own, for what lasts longer than a statement: locks and settings. */
  async withConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const raw: unknown = await this.knex.client.acquireConnection().catch((error: unknown) => {
      throw toDatabaseError(error);
    });
    try {
      return await work({
        query: (sql, parameters) => run(this.raw(sql, parameters).connection(raw)),
      });
    } finally {
      await this.knex.client.releaseConnection(raw);
    }
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

// No message shows the connection: it may hold a password.
function connectionOptions(connection: unknown): ConnectionOptions {
  if (typeof connection === 'object' && connection !== null) {
    return { ...connection };
  }
  if (typeof connection !== 'string') {
    throw new ArgumentError('connection', "a URL or mysql2's settings", describe(connection));
  }
  const protocol = URL.canParse(connection) ? new URL(connection).protocol : 'no protocol';
  if (protocol !== 'mysql:' && protocol !== 'mariadb:') {
    throw new ArgumentError(
      'connection',
      'a URL such as mysql://app@db.example/shop',
      `one with ${protocol}`,
    );
  }
  return { uri: connection };
}

// Hosting companies hand out URLs that ask for TLS so; the driver would ignore it, and go without.
function withSslMode(options: ConnectionOptions): ConnectionOptions {
  const url = options.uri !== undefined && URL.canParse(options.uri) ? new URL(options.uri) : undefined;
  const mode = url?.searchParams.get('ssl-mode') ?? undefined;
  if (url === undefined || mode === undefined) {
    return options;
  }
  url.searchParams.delete('ssl-mode');
  const verification = verificationOf(parseSslMode('ssl-mode', mode));
  const { ssl } = options;
  return {
    ...options,
    uri: url.href,
    ...(verification && { ssl: typeof ssl === 'string' ? ssl : { ...verification, ...ssl } }),
  };
}

async function run(raw: Knex.Raw): Promise<readonly Row[]> {
  let result: unknown;
  try {
    [result] = await raw.options(queryOptions);
  } catch (error) {
    throw toDatabaseError(error);
  }
  return rowsOf(result);
}

// A SELECT gives its rows; a CALL gives its rows and then a header, or, without any, a header alone.
function rowsOf(result: unknown): readonly Row[] {
  if (!Array.isArray(result)) {
    return [];
  }
  const last: unknown = result.at(-1);
  const called = last !== undefined && !Array.isArray(last);
  return called ? result[0] : result;
}

/**
 * The driver's error holds the statement with its values, and knex puts them into the message too: neither
 * may reach a log, so only what the server said goes on.
 */
function toDatabaseError(error: unknown): DatabaseError {
  const { code, errno, sqlState, sqlMessage, message, name } = Object(error);
  return new DatabaseError(sqlMessage ?? (sqlFree(message) || name || 'unknown failure'), {
    // express-session takes an ENOENT for a session that is not there, and would log the user out; here
    // it means that the server's socket is not there.
    code: code === 'ENOENT' ? 'ERR_SOCKET_NOT_FOUND' : code,
    errno: typeof errno === 'number' && errno > 0 ? errno : undefined,
    sqlState,
  });
}

// knex writes "statement - reason"; a failure to connect has a reason alone.
function sqlFree(message: unknown): string {
  const text = String(message ?? '');
  return text.slice(text.lastIndexOf(' - ') + 1).replace(/^- /, '');
}

function ignore(): void {}
