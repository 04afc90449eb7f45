import { type AttributeKind, type AttributeKinds, attributeKinds } from './attributes';
import { longestTimeout } from './cleanup';
import { hostSettings } from './connection-settings';
import { Database } from './database';
import { encryptionOf } from './encryption';
import { ArgumentError, describe } from './errors';
import { assertHostServes } from './host-check';
import { routinePrefix } from './identifiers';
import type { DatabaseOptions, StoreOptions } from './options';
import { type ErrorHandler, warnOf } from './report';
import { Sealed, type Sealing, unsealed } from './sealing';
import type { Serializer } from './serializer';
import { StoredIds } from './stored-ids';

/** The options with their defaults in place. */
export interface Settings<Session extends object> {
  readonly database: Database;
  readonly routinePrefix: string;
  /** In milliseconds; 0 for none. */
  readonly retryBudget: number;
  readonly ttl: number | ((session: Session) => number);
  readonly writeMode: 'merge' | 'replace';
  readonly touchAfter: number | undefined;
  /** Infinity for none. */
  readonly absoluteTtl: number;
  readonly cleanupInterval: number;
  readonly disableDbCleanup: boolean;
  readonly onDbCleanupError: ErrorHandler;
  readonly serializer: Serializer<Session>;
  readonly attributes: ReadonlyMap<string, AttributeKind>;
  readonly ids: StoredIds;
  readonly sealing: Sealing;
}

const known = [
  'knex',
  'connection',
  'routinePrefix',
  'retryBudget',
  'ttl',
  'writeMode',
  'touchAfter',
  'absoluteTtl',
  'cleanupInterval',
  'disableDbCleanup',
  'onDbCleanupError',
  'serializer',
  'attributes',
  'hashIds',
  'encryption',
];

/**
 * Checks every option and fills in the defaults.
 *
 * @param further names of options that are the store's own
 * @throws {ArgumentError} for the first that is wrong, and for one that does not exist
 */
export function settingsOf<Session extends object>(
  options: StoreOptions<Session, AttributeKinds>,
  further: readonly string[] = [],
): Settings<Session> {
  if (typeof options !== 'object' || options === null) {
    throw new ArgumentError('options', 'an object', describe(options));
  }
  const names = [...known, ...further];
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new ArgumentError('options', `made of ${names.join(', ')}`, `\`${unknown}\``);
  }
  const prefix = routinePrefix('routinePrefix', options.routinePrefix);
  const isEncrypted = options.encryption !== undefined;
  const ids = new StoredIds(check('hashIds', options.hashIds ?? false, isBoolean, 'a boolean'));
  return {
    routinePrefix: prefix,
    retryBudget: check(
      'retryBudget',
      options.retryBudget ?? 5_000,
      (value) => isDuration(value) && value <= longestTimeout,
      `a number of milliseconds, 0 to ${longestTimeout}`,
    ),
    ttl: check(
      'ttl',
      options.ttl ?? 86_400_000,
      isTtl,
      'a number of milliseconds, more than 0, or a function',
    ),
    writeMode: check(
      'writeMode',
      options.writeMode ?? (isEncrypted ? 'replace' : 'merge'),
      (value) => value === 'replace' || (value === 'merge' && !isEncrypted),
      isEncrypted ? "'replace', as nothing can be merged into what is encrypted" : "'merge' or 'replace'",
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
    onDbCleanupError: check(
      'onDbCleanupError',
      options.onDbCleanupError ?? warnOf('DbCleanupWarning'),
      isFunction,
      'a function',
    ),
    serializer: check<Serializer<Session>>(
      'serializer',
      options.serializer ?? JSON,
      (value) => isFunction(value?.stringify) && isFunction(value?.parse),
      'an object with the functions stringify and parse',
    ),
    attributes: attributesOf(options.attributes ?? {}, isEncrypted),
    ids,
    sealing: isEncrypted ? new Sealed(encryptionOf(options.encryption), ids) : unsealed,
    // Last, so that no pool is opened for options that are wrong.
    database: databaseOf(options, prefix),
  };
}

function attributesOf(value: unknown, isEncrypted: boolean): ReadonlyMap<string, AttributeKind> {
  const kinds = attributeKinds(value);
  if (isEncrypted && kinds.size > 0) {
    const expected = 'left out, as nothing can be found in what is encrypted';
    throw new ArgumentError('attributes', expected, [...kinds.keys()].join(', '));
  }
  return kinds;
}

function databaseOf({ knex, connection }: DatabaseOptions, prefix: string): Database {
  if ((knex === undefined) === (connection === undefined)) {
    const got = knex === undefined ? 'neither' : 'both';
    throw new ArgumentError('options', 'an object with either `knex` or `connection`', got);
  }
  if (knex !== undefined) {
    return Database.of(knex);
  }
  if (!isList(connection)) {
    return Database.open(connection);
  }
  const [first, ...others] = connection;
  // From a list of one, there is nowhere else to go.
  return first !== undefined && others.length === 0
    ? Database.open(first)
    : Database.openFirst(hostSettings(connection), (host) => assertHostServes(host, prefix));
}

// Array.isArray does not tell a list that can't be changed from the rest.
function isList<Item, Other>(value: readonly Item[] | Other): value is readonly Item[] {
  return Array.isArray(value);
}

/** @throws {ArgumentError} where the value is not valid */
export function check<Value>(
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

export function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}
