import type { ConnectionOptions, Knex } from './database';
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
