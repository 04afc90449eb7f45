import { type ConnectionOptions, Database, type Knex } from './database';
import { ArgumentError, describe } from './errors';
import { routinePrefix } from './identifiers';
import type { Serializer } from './serializer';

/** What every store of this package can be told. */
export interface SessionOptions<Session extends object = object> {
  /**
   * What the names of the routines start with: the `--prefix` of `knex-mysql-session migrate`. At most 20
   * letters, digits, `_` and `$`.
   * @default 'sess_'
   */
  readonly routinePrefix?: string | undefined;
  /**
   * How long a session lives when its cookie does not say, in milliseconds, or a function that tells it
   * for a session. More than 0; the end must lie before the year 10000.
   * @default 86_400_000 (one day)
   */
  readonly ttl?: number | ((session: Session) => number) | undefined;
  /**
   * How a session that was loaded is saved: `'merge'` changes the top-level keys that the request changed, so that
   * parallel requests keep the changes of one another; `'replace'` writes the whole session. A session with a
   * serializer of its own is always written whole.
   * @default 'merge'
   */
  readonly writeMode?: 'merge' | 'replace' | undefined;
  /**
   * How long after a session was last prolonged it is prolonged again, in milliseconds; its row lives longer than
   * its cookie by as much. From 0, which prolongs it with each request.
   * @default 1 % of the session's lifetime, at most 60_000 (one minute)
   */
  readonly touchAfter?: number | undefined;
  /**
   * How long after its creation a session ends, however active it is, in milliseconds. More than 0.
   * @default none
   */
  readonly absoluteTtl?: number | undefined;
  /**
   * The pause between two cleanups of expired sessions, in milliseconds, give or take a tenth, so that
   * processes started together don't clean up together. 1 to 2,147,483,647.
   * @default 60_000 (one minute)
   */
  readonly cleanupInterval?: number | undefined;
  /**
   * Whether this store leaves the cleanup to something else: another process, or `knex-mysql-session gc`.
   * @default false
   */
  readonly disableDbCleanup?: boolean | undefined;
  /**
   * Called with the error of a cleanup that failed; the next one comes all the same.
   * @default a process warning
   */
  readonly onDbCleanupError?: ((error: unknown) => void) | undefined;
  /**
   * How a session becomes text and comes back. The text must be JSON, as the column is.
   * @default JSON
   */
  readonly serializer?: Serializer<Session> | undefined;
}

/** Where the database is: one of the two. */
export type DatabaseOptions =
  | {
      /** A knex instance for mysql2. It stays the application's: the store never closes it. */
      readonly knex: Knex;
      readonly connection?: undefined;
    }
  | {
      /**
       * A URL, such as `mysql://app:password@db.example/shop`, or mysql2's settings. The store opens a
       * pool of at most 10 connections for it, and closes it in `close()`.
       */
      readonly connection: string | ConnectionOptions;
      readonly knex?: undefined;
    };

export type StoreOptions<Session extends object = object> = SessionOptions<Session> & DatabaseOptions;

/** The options with their defaults in place. */
export interface Settings<Session extends object> {
  readonly database: Database;
  readonly routinePrefix: string;
  readonly ttl: number | ((session: Session) => number);
  readonly writeMode: 'merge' | 'replace';
  readonly touchAfter: number | undefined;
  /** Infinity for none. */
  readonly absoluteTtl: number;
  readonly cleanupInterval: number;
  readonly disableDbCleanup: boolean;
  readonly onDbCleanupError: (error: unknown) => void;
  readonly serializer: Serializer<Session>;
}

const known = [
  'knex',
  'connection',
  'routinePrefix',
  'ttl',
  'writeMode',
  'touchAfter',
  'absoluteTtl',
  'cleanupInterval',
  'disableDbCleanup',
  'onDbCleanupError',
  'serializer',
];

/** The longest time that a timer of Node.js takes. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const longestTimeout = 2_147_483_647;

/**
 * Checks every option and fills in the defaults.
 *
 * @throws {ArgumentError} for the first that is wrong, and for one that does not exist
 */
export function settingsOf<Session extends object>(options: StoreOptions<Session>): Settings<Session> {
  if (typeof options !== 'object' || options === null) {
    throw new ArgumentError('options', 'an object', describe(options));
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new ArgumentError('options', `made of ${known.join(', ')}`, `\`${unknown}\``);
  }
  return {
    routinePrefix: routinePrefix('routinePrefix', options.routinePrefix),
    ttl: check(
      'ttl',
      options.ttl ?? 86_400_000,
      isTtl,
      'a number of milliseconds, more than 0, or a function',
    ),
    writeMode: check(
      'writeMode',
      options.writeMode ?? 'merge',
      (value) => value === 'merge' || value === 'replace',
      "'merge' or 'replace'",
    ),
    touchAfter: check(
      'touchAfter',
      options.touchAfter,
      (value) => value === undefined || isDuration(value),
      'a number of milliseconds, 0 or more',
    ),
    absoluteTtl:
      check(
        'absoluteTtl',
        options.absoluteTtl,
        (value) => value === undefined || (isDuration(value) && value > 0),
        'a number of milliseconds, more than 0',
      ) ?? Number.POSITIVE_INFINITY,
    cleanupInterval: check(
      'cleanupInterval',
      options.cleanupInterval ?? 60_000,
      (value) => value >= 1 && value <= longestTimeout,
      `a number of milliseconds, 1 to ${longestTimeout}`,
    ),
    disableDbCleanup: check('disableDbCleanup', options.disableDbCleanup ?? false, isBoolean, 'a boolean'),
    onDbCleanupError: check('onDbCleanupError', options.onDbCleanupError ?? warn, isFunction, 'a function'),
    serializer: check<Serializer<Session>>(
      'serializer',
      options.serializer ?? JSON,
      (value) => isFunction(value?.stringify) && isFunction(value?.parse),
      'an object with the functions stringify and parse',
    ),
    // Last, so that no pool is opened for options that are wrong.
    database: databaseOf(options),
  };
}

function databaseOf({ knex, connection }: DatabaseOptions): Database {
  if ((knex === undefined) === (connection === undefined)) {
    const got = knex === undefined ? 'neither' : 'both';
    throw new ArgumentError('options', 'an object with either `knex` or `connection`', got);
  }
  return knex === undefined ? Database.open(connection) : Database.of(knex);
}

function check<Value>(
  argument: string,
  value: Value,
  isValid: (value: Value) => boolean,
  expected: string,
): Value {
  if (!isValid(value)) {
    throw new ArgumentError(argument, expected, describe(value));
  }
  return value;
}

function isTtl(value: unknown): boolean {
  return isFunction(value) || (isDuration(value) && value > 0);
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error), { type: 'DbCleanupWarning' });
}
