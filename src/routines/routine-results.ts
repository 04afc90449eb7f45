import type { Row } from '../database/connection';
import { interrupted } from '../database/query';
import { InstallationError } from '../errors';

/** A live session as stored in the table. Times are by the server's clock. */
export interface SessionRow {
  /** JSON text. */
  readonly sess: string;
  /** Milliseconds until the row expires. */
  readonly ttlMs: number;
  /** Milliseconds since the session was created. */
  readonly ageMs: number;
}

/** A row of a routine that returns several sessions. */
export type SessionRowWithId = SessionRow & { readonly sid: string };

export interface ServerVersion {
  /** The version of the installed contract. */
  readonly contract: number;
  /** How many levels JSON text may nest on this server. */
  readonly jsonDepth: number;
  /** The longest statement that the server accepts, in bytes. */
  readonly maxAllowedPacket: number;
  /** Whether the server commits each call. */
  readonly autocommit: boolean;
  /** Whether the server refuses writes of ordinary accounts. */
  readonly isReadOnly: boolean;
  /** The version of the server, such as `10.11.6-MariaDB` or `8.4.3`. */
  readonly server: string;
  /** The name and port that the server has for itself. */
  readonly host: string;
  /** Tells the server from others that replicate from it, even if they have the same name. */
  readonly serverId: number;
}

export interface GcResult {
  readonly deleted: number;
  /**
   * If other transactions hold all expired sessions that are left: milliseconds since the first of
   * them expired. Else null.
   */
  readonly overdueMs: number | null;
}

export interface DestroyByResult {
  readonly deleted: number;
  /** Whether there may be more sessions to delete. */
  readonly more: boolean;
}

export interface LimitByResult {
  /** The ids of the deleted sessions. */
  readonly ended: readonly string[];
  /** Whether there may be more sessions to delete. */
  readonly more: boolean;
}

export interface SessionCounts {
  readonly live: number;
  /** Sessions that the next cleanup deletes. */
  readonly expired: number;
}

export interface Stats extends SessionCounts {
  /** Milliseconds since the oldest live session was created; null without live sessions. */
  readonly oldestMs: number | null;
  /** Milliseconds since the first expired session expired; null without expired sessions. */
  readonly overdueMs: number | null;
  /** The length of the JSON text of all sessions. */
  readonly bytes: number;
}

// The text comes as bytes in UTF-8, independent of the connection's charset.
export function toSessionRow([sess, ttlMs, ageMs]: Row): SessionRow {
  return { sess: String(sess), ttlMs: Number(ttlMs), ageMs: Number(ageMs) };
}

export function toSessionRows(rows: readonly Row[]): SessionRowWithId[] {
  return rows.map(([sid, ...row]) => ({ sid: String(sid), ...toSessionRow(row) }));
}

/** @throws {InstallationError} if the answer is not the one row that the contract promises */
export function toServerVersion([row = []]: readonly Row[]): ServerVersion {
  const numbers = [...row.slice(0, 5), row[7]].map((value) => Number(value ?? Number.NaN));
  if (row.length !== 8 || !numbers.every(Number.isSafeInteger)) {
    const got = row.length === 0 ? 'no row' : row.map(String).join(', ');
    throw new InstallationError(
      'Expected sess_version to answer five numbers, a version, a host and a number, ' +
        `got ${got}. Ask a DBA to run: knex-mysql-session doctor`,
    );
  }
  const [contract = 0, jsonDepth = 0, maxAllowedPacket = 0, autocommit, readOnly, serverId = 0] =
    numbers;
  return {
    contract,
    jsonDepth,
    maxAllowedPacket,
    autocommit: autocommit === 1,
    isReadOnly: readOnly === 1,
    server: String(row[5]),
    host: String(row[6]),
    serverId,
  };
}

/**
 * Returns the row of a routine that always has one.
 *
 * @throws {DatabaseError} if it is missing: the call was interrupted before its last statement
 */
export function onlyRow([row]: readonly Row[]): Row {
  if (row === undefined) {
    throw interrupted();
  }
  return row;
}

export function toGcResult(row: Row): GcResult {
  return { deleted: Number(row[0]), overdueMs: toNumberOrNull(row[1]) };
}

export function toDestroyByResult(row: Row): DestroyByResult {
  return { deleted: Number(row[0]), more: Number(row[1]) === 1 };
}

export function toLimitByResult(row: Row): LimitByResult {
  return { ended: JSON.parse(String(row[0])), more: Number(row[1]) === 1 };
}

export function toSessionCounts(row: Row): SessionCounts {
  return { live: Number(row[0]), expired: Number(row[1]) };
}

export function toStats(row: Row): Stats {
  const [live, expired, oldestMs, overdueMs, bytes] = row;
  return {
    live: Number(live),
    expired: Number(expired),
    oldestMs: toNumberOrNull(oldestMs),
    overdueMs: toNumberOrNull(overdueMs),
    bytes: Number(bytes),
  };
}

/** Returns whether the session existed. A routine that found it may return no row, to save time. */
export function wasFound([row]: readonly Row[]): boolean {
  return row === undefined || Number(row[0]) === 1;
}

function toNumberOrNull(value: unknown): number | null {
  return value === null ? null : Number(value);
}
