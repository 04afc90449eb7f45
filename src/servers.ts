import type { Connection } from './database';
import type { DatabaseError } from './errors';

/**
 * All that the code knows of the differences between MariaDB and MySQL, and between their versions. What a
 * server can do is asked of it, and never concluded from its version; what `sess_version` tells belongs to
 * it too. docs/servers.md has the whole list.
 */
export interface Capabilities {
  /** Whether `CREATE OR REPLACE PROCEDURE` is to be had; without it a routine is dropped first. */
  readonly replacesRoutines: boolean;
  /** Whether `_` and `%` in the name of a database mean themselves in GRANT, and not any characters. */
  readonly databasesAreLiteral: boolean;
  /** Whether it executes what stands in a comment for MariaDB, which begins with `/*M!`. */
  readonly readsMariaDbComments: boolean;
  /** Whether a statement can be told to wait for what other nodes of a Galera cluster have written. */
  readonly waitsForCluster: boolean;
}

export async function capabilitiesOf(connection: Connection): Promise<Capabilities> {
  // Only MariaDB executes what stands in /*M! */, and it is there that the routines say OR REPLACE.
  const [row] = await connection.query('SELECT 0 /*M! + 1 */');
  // MySQL takes such names as they stand while rights can be revoked from a part of the databases.
  const [revokes] = await connection.query("SHOW GLOBAL VARIABLES LIKE 'partial_revokes'");
  // A MariaDB that was built without Galera lacks the setting.
  const [waits] = await connection.query("SHOW SESSION VARIABLES LIKE 'wsrep_sync_wait'");
  const isMariaDb = Number(row?.[0]) === 1;
  return {
    replacesRoutines: isMariaDb,
    databasesAreLiteral: revokes?.[1] === 'ON',
    readsMariaDbComments: isMariaDb,
    waitsForCluster: waits !== undefined,
  };
}

/** For a script that is made without asking a server: a fresh installation has nothing to drop. */
export const freshCapabilities: Capabilities = {
  replacesRoutines: true,
  databasesAreLiteral: false,
  readsMariaDbComments: true,
  waitsForCluster: true,
};

/**
 * The servers' numbers for failures that mean something to this package, the same on each.
 * https://mariadb.com/kb/en/mariadb-error-code-reference/
 * https://dev.mysql.com/doc/mysql-errors/en/server-error-reference.html
 */
export const errno = {
  recordChanged: 1020,
  databaseDenied: 1044,
  notReady: 1047,
  parseError: 1064,
  noSuchGrant: 1141,
  tableDenied: 1142,
  noSuchTable: 1146,
  lockWaitTimeout: 1205,
  deadlock: 1213,
  specificAccessDenied: 1227,
  wrongValueForVariable: 1231,
  readOnly: 1290,
  noSuchRoutine: 1305,
  routineDenied: 1370,
  noSuchDefiner: 1449,
  eventsUnavailable: 1577,
  signal: 1644,
} as const;

/** Whether a failure says that the account may not do that, whatever it is. */
export function isDenied(number: number | undefined): boolean {
  const { databaseDenied, tableDenied, specificAccessDenied, routineDenied } = errno;
  return [databaseDenied, tableDenied, specificAccessDenied, routineDenied].some(
    (denied) => denied === number,
  );
}

/** What tells failures apart. */
type Failure = Pick<DatabaseError, 'code' | 'errno'>;

// Another transaction was at the same row. MariaDB 11.6 and later tell one that reads before it locks of a change by 1020.
// MySQL's Group Replication tells one that lost to another member as it committed by 3101.
const conflictErrnos: readonly number[] = [errno.lockWaitTimeout, errno.deadlock, errno.recordChanged, 3101];

// A host that does not serve for a moment: it restarts, is full, or a cluster has lost or finds a node.
const hostErrnos: readonly number[] = [
  // Too many connections: of all, of one account, and of one account within an hour.
  1040,
  1203,
  1226,
  // The server is shutting down.
  1053,
  // Galera: the node is not ready, or has no quorum; and a commit that failed for it.
  errno.notReady,
  1180,
  // MySQL's Group Replication: the member left its group as it was to commit; or it can't wait for the others.
  3100,
  3796,
  3797,
  3798,
  3799,
  // The server broke the connection: read, written, killed, idle for too long.
  1158,
  1159,
  1160,
  1161,
  1927,
  4031,
];

const hostCodes: readonly string[] = [
  'PROTOCOL_CONNECTION_LOST',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ERR_SOCKET_NOT_FOUND',
];

// Servers that take no writes, or, as MySQL in offline mode, nobody: where there are several hosts, another one does.
const outOfServiceErrnos: readonly number[] = [errno.readOnly, 1836, 3032];

/** Whether a failure may be gone in a moment, so that the same call can do then what it could not do now. */
export function isTransient(failure: Failure): boolean {
  return isIn(failure, [...conflictErrnos, ...hostErrnos]);
}

/** Whether a failure speaks against the host, so that another one may do what this one could not. */
export function isHostFailure(failure: Failure): boolean {
  return isIn(failure, [...hostErrnos, ...outOfServiceErrnos]);
}

function isIn({ code, errno: number }: Failure, errnos: readonly number[]): boolean {
  return number === undefined ? code !== undefined && hostCodes.includes(code) : errnos.includes(number);
}

/** Whether a column of a table, as SHOW CREATE TABLE tells it, takes nothing but JSON. */
export function isJsonColumn(createTable: string, column: string): boolean {
  // MariaDB's JSON is a text with a condition; MySQL's is a type.
  return createTable.includes(`\n  \`${column}\` json`) || createTable.includes(`json_valid(\`${column}\`)`);
}

const jsonTextRefused = [
  // MariaDB: the CHECK (JSON_VALID(…)) that its JSON is made of. mysql2 has a wrong name for this number.
  4025,
  // MySQL: not JSON, JSON in a character set that it does not take, a key over 65,535 bytes, too deep.
  3140, 3141, 3151, 3157,
];

/** Whether a failure says that a JSON column did not take a text. */
export function isJsonTextRefused(number: number | undefined): boolean {
  return number !== undefined && jsonTextRefused.includes(number);
}
