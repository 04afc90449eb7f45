import type { Row } from '../database/connection';

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
}

export interface GcResult {
  readonly deleted: number;
  /** Whether another cleanup was running. Then this one deleted nothing. */
  readonly busy: boolean;
}

export interface DestroyByResult {
  readonly deleted: number;
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

export function toServerVersion([row = []]: readonly Row[]): ServerVersion {
  const [contract, jsonDepth, maxAllowedPacket, autocommit, readOnly] = row;
  return {
    contract: Number(contract),
    jsonDepth: Number(jsonDepth),
    maxAllowedPacket: Number(maxAllowedPacket),
    autocommit: Number(autocommit) === 1,
    isReadOnly: Number(readOnly) === 1,
  };
}

export function toGcResult([row = []]: readonly Row[]): GcResult {
  return { deleted: Number(row[0]), busy: Number(row[1]) === 1 };
}

export function toDestroyByResult([row = []]: readonly Row[]): DestroyByResult {
  return { deleted: Number(row[0]), more: Number(row[1]) === 1 };
}

export function toSessionCounts([row = []]: readonly Row[]): SessionCounts {
  return { live: Number(row[0]), expired: Number(row[1]) };
}

export function toStats([row = []]: readonly Row[]): Stats {
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
