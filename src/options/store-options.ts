import {
  type ConnectionFunction,
  type ConnectionOptions,
  type ConnectionSource,
  type Knex,
  parseHosts,
} from '../database/connection-options';
import { assertMysql2 } from '../database/knex-instance';
import { maxTimeout } from '../util/deadline';
import { type ErrorHandler, isErrorHandler, warningHandler } from '../util/error-handler';
import { parseDatabaseName } from '../util/identifiers';
import { type AttributeKinds, type NoAttributes, parseAttributeKinds } from './attributes';
import {
  defineOption,
  defineParsedOption,
  type InputOf,
  type OptionDefinition,
} from './define-option';
import { type EncryptionOptions, parseEncryption } from './encryption';
import { parseRoutinePrefix } from './routine-prefix';

/** Where one host is. */
type ConnectionSetting = string | ConnectionOptions | ConnectionFunction;

/** Turns a session into text and back. The text is stored in a JSON column. */
export interface Serializer<Session = object> {
  /** @returns JSON text; the server refuses anything else */
  stringify(session: Session): string;
  parse(text: string): Session;
}

/**
 * The options of every store. This is their only list: types, checks, defaults, and the names in
 * the error for an unknown option come from it.
 */
export function defineStoreOptions<Session extends object, Attributes extends AttributeKinds>() {
  return {
    /**
     * A knex instance with the client `mysql2`. It belongs to the application: the store never
     * closes it. Pass either this or `connection`.
     */
    knex: defineParsedOption<Knex, Knex>(assertMysql2),
    /**
     * A URL such as `mysql://app:password@db.example/shop`, mysql2's connection options, or a
     * function that returns one of them for each new connection: for passwords that change. A list
     * names several hosts with the same sessions: the nodes of a cluster, or a primary and its
     * replicas. Each new connection goes to the first host that is up, ready and writable. The
     * store opens a pool of at most 10 connections and closes it in `close()`.
     */
    connection: defineParsedOption<
      ConnectionSetting | readonly ConnectionSetting[],
      ConnectionSource[]
    >(parseHosts),
    /**
     * The start of each routine's name: the `--prefix` of `knex-mysql-session migrate`. At most 20
     * letters, digits, `_` and `$`.
     * @default 'sess_'
     */
    routinePrefix: {
      resolve: (value, name) => parseRoutinePrefix(name, value),
    } as OptionDefinition<string>,
    /**
     * The database with the routines, if it is not that of the connection: for a pool that works
     * with several databases.
     * @default the database of the connection
     */
    schema: defineParsedOption<string, string>((value, name) => parseDatabaseName(name, value)),
    /**
     * How long a call may take in all, in milliseconds, 0 to 2,147,483,647. The store retries
     * transient failures: deadlocks, lock waits, lost connections, restarts. It discards a
     * connection that does not answer. Then the call fails with a `RetryBudgetError`. With 0, the
     * store makes one attempt and waits as long as the server takes. Calls that read or delete a
     * whole table are retried, but never time out.
     * @default 5_000 (five seconds)
     */
    retryBudget: defineOption<number>({
      default: 5_000,
      expected: `a number of milliseconds, 0 to ${maxTimeout}`,
      isValid: (value): value is number => isDuration(value) && value <= maxTimeout,
    }),
    /**
     * How long a session lives if its cookie has no expiry, in milliseconds, or a function that
     * returns it for a session. More than 0; the session must end before the year 10000.
     * @default 86_400_000 (one day)
     */
    ttl: defineOption<number | ((session: Session) => number)>({
      default: 86_400_000,
      expected: 'a number of milliseconds, more than 0, or a function',
      isValid: (value): value is number | ((session: Session) => number) =>
        isFunction(value) || isPositiveDuration(value),
    }),
    /**
     * How a loaded session is saved. `'merge'` writes the top-level keys that the request changed,
     * and keeps the changes of parallel requests. `'replace'` writes the whole session. A session
     * with a custom serializer, or an encrypted one, is always written whole.
     * @default 'merge', or 'replace' with `encryption`
     */
    writeMode: defineOption<'merge' | 'replace', undefined>({
      default: undefined,
      expected: "'merge' or 'replace'",
      isValid: (value): value is 'merge' | 'replace' => value === 'merge' || value === 'replace',
    }),
    /**
     * The shortest time between two touches of a session, in milliseconds, 0 or more. A row lives
     * this much longer than its cookie, and no session ends early. With 0, each request touches.
     * @default 1 % of the session's lifetime, at most 60_000 (one minute)
     */
    touchAfter: defineOption<number, undefined>({
      default: undefined,
      expected: 'a number of milliseconds, 0 or more',
      isValid: isDuration,
    }),
    /**
     * How long after its creation a session ends, even an active one, in milliseconds. More than 0.
     * @default no limit
     */
    absoluteTtl: defineOption<number>({
      default: Number.POSITIVE_INFINITY,
      expected: 'a number of milliseconds, more than 0',
      isValid: isPositiveDuration,
    }),
    /**
     * The pause between two cleanups, in milliseconds, 1 to 2,147,483,647. It varies by a tenth, so
     * processes that start together do not clean up together.
     * @default 60_000 (one minute)
     */
    cleanupInterval: defineOption<number>({
      default: 60_000,
      expected: `a number of milliseconds, 1 to ${maxTimeout}`,
      isValid: isInterval,
    }),
    /**
     * Turns the cleanup of this store off. Use it if another process cleans up, or
     * `knex-mysql-session gc`, or the database's event.
     * @default false
     */
    disableDbCleanup: defineOption<boolean>({
      default: false,
      expected: 'a boolean',
      isValid: isBoolean,
    }),
    /**
     * Called with the error of a failed cleanup. The next cleanup runs on time.
     * @default a process warning
     */
    onDbCleanupError: defineOption<ErrorHandler>({
      default: warningHandler('DbCleanupWarning'),
      expected: 'a function',
      isValid: isErrorHandler,
    }),
    /**
     * How often the store asks the server if it takes writes, in milliseconds, 1 to 2,147,483,647.
     * It emits `disconnect` when the server stops, and `connect` when it begins again. While a
     * store is disconnected, express-session serves requests without a session.
     * @default never: no `connect` and no `disconnect`
     */
    pingInterval: defineOption<number, undefined>({
      default: undefined,
      expected: `a number of milliseconds, 1 to ${maxTimeout}`,
      isValid: isInterval,
    }),
    /**
     * Turns a session into text and back. The text must be JSON, because the column is.
     * @default JSON
     */
    serializer: defineOption<Serializer<Session>>({
      default: JSON,
      expected: 'an object with the functions stringify and parse',
      isValid: isSerializer,
    }),
    /**
     * The attributes for `findBy` and its siblings, each with the type that the application uses:
     * `{ user_id: 'number' }`. A DBA adds them with `knex-mysql-session attribute add`.
     * @default none
     */
    attributes: defineParsedOption<Attributes, ReturnType<typeof parseAttributeKinds>>(
      parseAttributeKinds,
    ),
    /**
     * Stores the SHA-256 of each session's id in place of the id. A person who reads the table can
     * then use no session. `ids`, `all` and `findBy` return hashes: `storedId` computes one, and
     * `destroyStored` takes one. Sessions stored before are no longer found.
     * @default false
     */
    hashIds: defineOption<boolean>({ default: false, expected: 'a boolean', isValid: isBoolean }),
    /**
     * Encrypts the data of each session with AES-256-GCM before it reaches the database. It
     * excludes `attributes` and `writeMode: 'merge'`.
     * @default none
     */
    encryption: defineParsedOption<EncryptionOptions, ReturnType<typeof parseEncryption>>(
      parseEncryption,
    ),
  };
}

type DefinedOptions<Session extends object, Attributes extends AttributeKinds> = InputOf<
  ReturnType<typeof defineStoreOptions<Session, Attributes>>
>;

/** All options except `knex` and `connection`. docs/options.md has their units and limits. */
export type SessionOptions<
  Session extends object = object,
  Attributes extends AttributeKinds = NoAttributes,
> = Omit<DefinedOptions<Session, Attributes>, 'knex' | 'connection'>;

type ExactlyOne<Options> = {
  [Name in keyof Options]: { readonly [Key in Name]: NonNullable<Options[Key]> } & {
    readonly [Key in Exclude<keyof Options, Name>]?: undefined;
  };
}[keyof Options];

/** Where the database is: either `knex` or `connection`. */
export type DatabaseOptions = ExactlyOne<
  Required<Pick<DefinedOptions<object, NoAttributes>, 'knex' | 'connection'>>
>;

/** The options of every store. docs/options.md has their units, limits and defaults. */
export type StoreOptions<
  Session extends object = object,
  Attributes extends AttributeKinds = NoAttributes,
> = SessionOptions<Session, Attributes> & DatabaseOptions;

function isSerializer<Session>(value: unknown): value is Serializer<Session> {
  const { stringify, parse } = Object(value);
  return isFunction(stringify) && isFunction(parse);
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
}

function isInterval(value: unknown): value is number {
  return isDuration(value) && value >= 1 && value <= maxTimeout;
}

function isPositiveDuration(value: unknown): value is number {
  return isDuration(value) && value > 0;
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}
