import type { DatabaseError } from '../errors';

/** Another transaction locked or changed the row. The same call can succeed now. */
const conflict = {
  recordChanged: 1020, // ER_CHECKREAD: only MariaDB 11.6 and later
  lockWaitTimeout: 1205, // ER_LOCK_WAIT_TIMEOUT
  deadlock: 1213, // ER_LOCK_DEADLOCK
  rolledBackOnCommit: 3101, // ER_TRANSACTION_ROLLBACK_DURING_COMMIT: MySQL Group Replication
} as const;

/** The host is full or restarts, or a proxy lost it. It or another host can serve soon. */
const unavailable = {
  tooManyConnections: 1040, // ER_CON_COUNT_ERROR
  readFailed: 1158, // ER_NET_READ_ERROR
  readTimeout: 1159, // ER_NET_READ_INTERRUPTED
  writeFailed: 1160, // ER_NET_ERROR_ON_WRITE
  writeTimeout: 1161, // ER_NET_WRITE_INTERRUPTED
  commitFailed: 1180, // ER_ERROR_DURING_COMMIT: Galera
  tooManyConnectionsOfAccount: 1203, // ER_TOO_MANY_USER_CONNECTIONS
  accountLimitReached: 1226, // ER_USER_LIMIT_REACHED: for example, connections per hour
  connectionKilled: 1927, // ER_CONNECTION_KILLED
  // A proxy reports its own failures to reach a server with the numbers of clients.
  proxyCannotConnect: 2003, // CR_CONN_HOST_ERROR: MySQL Router
  proxyServerGone: 2006, // CR_SERVER_GONE_ERROR
  proxyServerLost: 2013, // CR_SERVER_LOST
  idleTimeout: 4031, // ER_CLIENT_INTERACTION_TIMEOUT
  proxyNoServer: 9001, // ProxySQL: no server of the hostgroup could be reached in time
} as const;

/**
 * The server takes no writes, shuts down, or left its cluster. Another one may serve: behind
 * another host name, or behind the same one.
 */
const outOfService = {
  cannotLock: 1015, // ER_CANT_LOCK: MariaDB with innodb_read_only
  openedReadOnly: 1036, // ER_OPEN_AS_READONLY: MySQL with innodb_read_only
  notReady: 1047, // ER_UNKNOWN_COM_ERROR: a Galera node that is not ready or has no quorum
  shutdown: 1053, // ER_SERVER_SHUTDOWN
  readOnly: 1290, // ER_OPTION_PREVENTS_STATEMENT
  readOnlyTransaction: 1792, // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
  readOnlyMode: 1836, // ER_READ_ONLY_MODE
  innodbReadOnly: 1874, // ER_INNODB_READ_ONLY
  innodbForcedRecovery: 1881, // ER_INNODB_FORCED_RECOVERY
  offlineMode: 3032, // ER_SERVER_OFFLINE_MODE
  commitHookFailed: 3100, // ER_RUN_HOOK_ERROR: the member left its MySQL replication group
  consistencyNotAllowed: 3796, // ER_GRP_TRX_CONSISTENCY_NOT_ALLOWED
  consistencyBeforeFailed: 3797, // ER_GRP_TRX_CONSISTENCY_BEFORE
  consistencyAfterFailed: 3798, // ER_GRP_TRX_CONSISTENCY_AFTER_ON_TRX_BEGIN
  consistencyOnBeginFailed: 3799, // ER_GRP_TRX_CONSISTENCY_BEGIN_NOT_ALLOWED
} as const;

/** The account lacks a privilege. */
const denied = {
  databaseDenied: 1044, // ER_DBACCESS_DENIED_ERROR
  tableDenied: 1142, // ER_TABLEACCESS_DENIED_ERROR
  specificAccessDenied: 1227, // ER_SPECIFIC_ACCESS_DENIED_ERROR
  routineDenied: 1370, // ER_PROCACCESS_DENIED_ERROR
} as const;

/** A JSON column refused a text. */
const jsonRefused = {
  invalidJson: 3140, // ER_INVALID_JSON_TEXT
  invalidJsonParameter: 3141, // ER_INVALID_JSON_TEXT_IN_PARAM
  jsonKeyTooLong: 3151, // ER_JSON_KEY_TOO_BIG: more than 65,535 bytes
  jsonTooDeep: 3157, // ER_JSON_DOCUMENT_TOO_DEEP
  constraintFailed: 4025, // ER_CONSTRAINT_FAILED: CHECK (JSON_VALID(…)) in MariaDB
  // MariaDB reads the text for an attribute before the constraint does.
  jsonBadCharacter: 4035, // ER_JSON_BAD_CHR
  jsonNotCharacter: 4036, // ER_JSON_NOT_JSON_CHR
  jsonEndOfText: 4037, // ER_JSON_EOS
  jsonSyntax: 4038, // ER_JSON_SYNTAX
  jsonEscape: 4039, // ER_JSON_ESCAPING
  jsonDepth: 4040, // ER_JSON_DEPTH
} as const;

/** The server refused the login. */
const loginRefused = {
  accessDenied: 1045, // ER_ACCESS_DENIED_ERROR
  // MariaDB treats an unknown account like one of its others, which may have no password.
  accessDeniedNoPassword: 1698, // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
} as const;

const others = {
  unknownDatabase: 1049, // ER_BAD_DB_ERROR
  parseError: 1064, // ER_PARSE_ERROR
  noSuchGrant: 1141, // ER_NONEXISTING_GRANT
  noSuchTable: 1146, // ER_NO_SUCH_TABLE
  wrongValueForVariable: 1231, // ER_WRONG_VALUE_FOR_VAR
  noSuchRoutine: 1305, // ER_SP_DOES_NOT_EXIST
  queryInterrupted: 1317, // ER_QUERY_INTERRUPTED: KILL QUERY
  noSuchDefiner: 1449, // ER_NO_SUCH_USER
  eventsUnavailable: 1577, // ER_EVENTS_DB_ERROR
  signal: 1644, // ER_SIGNAL_EXCEPTION
} as const;

/**
 * The server's error numbers that mean something to this package.
 * https://mariadb.com/kb/en/mariadb-error-code-reference/
 * https://dev.mysql.com/doc/mysql-errors/en/server-error-reference.html
 */
export const errno = {
  ...conflict,
  ...unavailable,
  ...outOfService,
  ...denied,
  ...loginRefused,
  ...jsonRefused,
  ...others,
} as const;

/** Replaces the driver's `ENOENT`: express-session reads that code as "no such session". */
export const socketNotFound = 'ERR_SOCKET_NOT_FOUND';

export const connectionLost = 'PROTOCOL_CONNECTION_LOST';

/** The code of a call for which no connection of the pool was free in time. */
export const poolTimeout = 'ERR_POOL_TIMEOUT';

/** The driver's codes for a host that it could not reach, or lost. */
const unreachable: readonly string[] = [
  connectionLost,
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  socketNotFound,
];

/**
 * The SQLSTATE of a routine that refuses a connection without autocommit. This package uses it for
 * an open transaction too. The call had no effect, and can succeed on another connection.
 */
export const invalidTransactionState = '25000';

type Failure = Pick<DatabaseError, 'code' | 'errno' | 'sqlState'>;

/** Returns whether the same call can succeed soon, on the same connection or another one. */
export function isTransient(failure: Failure): boolean {
  return (
    isOneOf(conflict, failure.errno) ||
    isHostFailure(failure) ||
    failure.sqlState === invalidTransactionState ||
    failure.code === poolTimeout
  );
}

/** Returns whether another host can do what this host could not. */
export function isHostFailure(failure: Failure): boolean {
  return isOutOfService(failure) || isUnavailable(failure);
}

/** Returns whether a server answered that it cannot serve: so no connection to it is of use. */
export function isOutOfService({ errno: number }: Failure): boolean {
  return isOneOf(outOfService, number);
}

/** Returns whether the account lacks a privilege. */
export function isDenied(number: number | undefined): boolean {
  return isOneOf(denied, number);
}

/** Returns whether the server refused the login. */
export function isLoginRefused(number: number | undefined): boolean {
  return isOneOf(loginRefused, number);
}

/** Returns whether a JSON column refused a text. */
export function isJsonTextRefused(number: number | undefined): boolean {
  return isOneOf(jsonRefused, number);
}

/**
 * Errors after which a connection has neither an open transaction nor a lock. The routine rolled
 * back, or the server refused the call before it began. connection-state.test.ts proves each one on
 * both servers. KILL QUERY (1317) is not among them: on MySQL, it ends a routine without its
 * handler.
 */
const clean = new Set<number | undefined>([
  errno.lockWaitTimeout,
  errno.deadlock,
  errno.databaseDenied,
  errno.tableDenied,
  errno.routineDenied,
  errno.noSuchTable,
  errno.noSuchRoutine,
  errno.noSuchDefiner,
  errno.signal,
  errno.invalidJson,
  errno.constraintFailed,
]);

/** Returns whether another call may use the connection after this failure. */
export function leavesConnectionClean({ errno: number, sqlState }: Failure): boolean {
  return clean.has(number) && sqlState !== invalidTransactionState;
}

function isUnavailable({ code, errno: number }: Failure): boolean {
  return number === undefined
    ? code !== undefined && unreachable.includes(code)
    : isOneOf(unavailable, number);
}

function isOneOf(group: Readonly<Record<string, number>>, number: number | undefined): boolean {
  return number !== undefined && Object.values(group).includes(number);
}
