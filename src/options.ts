import type { AttributeKinds, NoAttributes } from './attributes';
import type { ConnectionOptions, Knex } from './database';
import type { EncryptionOptions } from './encryption';
import type { Serializer } from './serializer';

/** What every store of this package can be told. */
export interface SessionOptions<
  Session extends object = object,
  Attributes extends AttributeKinds = NoAttributes,
> {
  /**
   * What the names of the routines start with: the `--prefix` of `knex-mysql-session migrate`. At most 20
   * letters, digits, `_` and `$`.
   * @default 'sess_'
   */
  readonly routinePrefix?: string | undefined;
  /**
   * How long a call goes on, in milliseconds, before it is given up with a `RetryBudgetError`: one that fails for what
   * passes by itself (a deadlock, a lock that somebody holds, a lost connection, a server that restarts) is repeated meanwhile, and
   * one that is not answered is given up and its connection discarded. 0 to 2,147,483,647; with 0, a call is made once, and lasts
   * for as long as the server takes. What reads or deletes a whole table is repeated, but never given up.
   * @default 5_000 (five seconds)
   */
  readonly retryBudget?: number | undefined;
  /**
   * How long a session lives when its cookie does not say, in milliseconds, or a function that tells it
   * for a session. More than 0; the end must lie before the year 10000.
   * @default 86_400_000 (one day)
   */
  readonly ttl?: number | ((session: Session) => number) | undefined;
  /**
   * How a session that was loaded is saved: `'merge'` changes the top-level keys that the request changed, so that
   * parallel requests keep the changes of one another; `'replace'` writes the whole session. A session with a
   * serializer of its own is always written whole, and so is one that is encrypted.
   * @default 'merge', and with `encryption` 'replace'
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
  /**
   * What `findBy` and `destroyBy` go by: the attributes that a DBA made with `knex-mysql-session attribute add`, and
   * whether the application keeps each as a string or as a number: `{ user_id: 'number' }`.
   * @default none
   */
  readonly attributes?: Attributes | undefined;
  /**
   * Whether the database holds, instead of each session's id, its SHA-256, so that nobody who reads the table can use a session.
   * `ids`, `all` and `findBy` then give hashes: `storedId` tells that of a session, and `destroyStored` takes them. Sessions
   * from before are not found any more.
   * @default false
   */
  readonly hashIds?: boolean | undefined;
  /**
   * Encrypts the sessions' data with AES-256-GCM before they reach the database. Not with `attributes`, and not with
   * `writeMode: 'merge'`.
   * @default none
   */
  readonly encryption?: EncryptionOptions | undefined;
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
       * A URL, such as `mysql://app:password@db.example/shop`, or mysql2's settings; or a list of these, one for
       * each host that has the same sessions, as the nodes of a cluster or a primary and its replicas. Each new connection
       * goes to the first of them that is up, ready and writable. The store opens a pool of at most 10 connections, and
       * closes it in `close()`.
       */
      readonly connection: string | ConnectionOptions | ReadonlyArray<string | ConnectionOptions>;
      readonly knex?: undefined;
    };

export type StoreOptions<
  Session extends object = object,
  Attributes extends AttributeKinds = NoAttributes,
> = SessionOptions<Session, Attributes> & DatabaseOptions;
