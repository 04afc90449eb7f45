import type { Knex } from 'knex';
import { DatabaseError } from '../errors';
import { withDeadline } from '../util/deadline';
import type { Parameter, Row } from './connection';
import { connectionLost, errno, poolTimeout, socketNotFound } from './error-codes';
import type { RawConnection } from './open-knex';

/** What mysql2 tells a `typeCast` of a value. */
interface TypeCastField {
  readonly type: string;
  readonly extendedFormat?: string;
  readonly buffer: () => Buffer | null;
}

// An application's knex instance may have other settings. Only a function overrides a typeCast.
const plainRows = {
  rowsAsArray: true,
  nestTables: false,
  // Some settings of MariaDB make a result of the type JSON, which the driver would parse.
  typeCast: ({ type, extendedFormat, buffer }: TypeCastField, next: () => unknown) =>
    type === 'JSON' || extendedFormat === 'json' ? buffer() : next(),
};

/** A flag of the status that the server sends with each answer: SERVER_STATUS_IN_TRANS. */
const inTransaction = 1;

/** What a statement returned. */
export interface QueryResult {
  readonly rows: readonly Row[];
  /** Whether the connection has an open transaction after a CALL. */
  readonly isInTransaction: boolean;
  /** Whether the statement had a result, or affected a row. */
  readonly hadEffect: boolean;
}

/**
 * Sends a statement on a connection. It goes to knex's client, not through a query builder: so the
 * application's `postProcessResponse`, `asyncStackTraces`, `debug` and `log` do not apply.
 *
 * @throws {DatabaseError}
 * @throws {DeadlineError}
 */
export async function query(
  knex: Knex,
  raw: RawConnection,
  sql: string,
  parameters: readonly Parameter[] = [],
  deadline = Number.POSITIVE_INFINITY,
): Promise<QueryResult> {
  return withDeadline(send(knex, raw, sql, parameters), deadline, 'the server did not answer');
}

async function send(
  { client }: Knex,
  raw: RawConnection,
  sql: string,
  parameters: readonly Parameter[],
): Promise<QueryResult> {
  try {
    const { response } = await client.query(raw, {
      sql,
      bindings: [...parameters],
      options: plainRows,
    });
    return toResult(response[0]);
  } catch (error) {
    throw toDatabaseError(error);
  }
}

// A SELECT returns rows. A CALL returns a list of results that ends with a header. Without rows,
// the header comes alone.
function toResult(result: unknown): QueryResult {
  const last: unknown = Array.isArray(result) ? result.at(-1) : result;
  const isCall = last !== undefined && !Array.isArray(last);
  if (!isCall) {
    return { rows: Array.isArray(result) ? result : [], isInTransaction: false, hadEffect: true };
  }
  const { serverStatus, affectedRows } = Object(last);
  return {
    rows: Array.isArray(result) ? result[0] : [],
    isInTransaction: (Number(serverStatus) & inTransaction) !== 0,
    hadEffect: Array.isArray(result) || Number(affectedRows) > 0,
  };
}

/**
 * Returns the error of a call that was interrupted. On MySQL, KILL QUERY can end a routine between
 * two statements, and the server then reports success. Each routine affects a row or has a result.
 */
export function interrupted(): DatabaseError {
  return new DatabaseError('Query execution was interrupted', {
    code: 'ER_QUERY_INTERRUPTED',
    errno: errno.queryInterrupted,
    sqlState: '70100',
  });
}

/**
 * Keeps only what the server said. The driver's error holds the statement with its values, and knex
 * adds them to the message. Neither may reach a log.
 */
export function toDatabaseError(error: unknown): DatabaseError {
  const { errno, sqlState, sqlMessage, message, name } = Object(error);
  const text = sqlMessage ?? (withoutSql(message) || messagesOfCauses(error) || name);
  return new DatabaseError(text ?? 'unknown failure', {
    code: codeOf(error),
    errno: typeof errno === 'number' && errno > 0 ? errno : undefined,
    sqlState,
  });
}

function codeOf(error: unknown): string | undefined {
  const { code, name, fatal } = Object(error);
  if (name === 'KnexTimeoutError') {
    return poolTimeout;
  }
  return code === 'ENOENT' ? socketNotFound : (code ?? (fatal ? connectionLost : undefined));
}

// A name with several addresses fails with an AggregateError. Its own message is empty.
function messagesOfCauses(error: unknown): string {
  return error instanceof AggregateError
    ? error.errors.map(({ message }: Error) => message).join('; ')
    : '';
}

// knex writes "statement - reason". A failure to connect has a reason only.
function withoutSql(message: unknown): string {
  const text = String(message ?? '');
  return text.slice(text.lastIndexOf(' - ') + 1).replace(/^- /, '');
}
