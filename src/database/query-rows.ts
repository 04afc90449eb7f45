import type { Knex } from 'knex';
import { DatabaseError } from '../errors';
import { withDeadline } from '../util/deadline';
import type { Parameter, Row } from './connection';
import { connectionLost, socketNotFound } from './error-codes';
import type { RawConnection } from './pool';

// An application's knex instance may have other settings. Only a function overrides a typeCast.
const plainRows = {
  rowsAsArray: true,
  nestTables: false,
  typeCast: (_field: unknown, next: () => unknown) => next(),
};

/**
 * Sends a statement on a connection, and returns the rows of its result.
 *
 * @throws {DatabaseError}
 * @throws {DeadlineError}
 */
export async function queryRows(
  knex: Knex,
  raw: RawConnection,
  sql: string,
  parameters?: readonly Parameter[],
  deadline = Number.POSITIVE_INFINITY,
): Promise<readonly Row[]> {
  // Without a list of parameters, knex does not replace question marks.
  const statement = parameters ? knex.raw(sql, [...parameters]) : knex.raw(sql);
  return withDeadline(send(statement, raw), deadline, 'the server did not answer');
}

async function send(statement: Knex.Raw, raw: RawConnection): Promise<readonly Row[]> {
  try {
    const [result]: readonly unknown[] = await statement.connection(raw).options(plainRows);
    return toRows(result);
  } catch (error) {
    throw toDatabaseError(error);
  }
}

// A SELECT returns rows. A CALL returns a list of results that ends with a header. Without rows,
// the header comes alone.
function toRows(result: unknown): readonly Row[] {
  if (!Array.isArray(result)) {
    return [];
  }
  const last: unknown = result.at(-1);
  const isCall = last !== undefined && !Array.isArray(last);
  return isCall ? result[0] : result;
}

/**
 * Keeps only what the server said. The driver's error holds the statement with its values, and knex
 * adds them to the message. Neither may reach a log.
 */
export function toDatabaseError(error: unknown): DatabaseError {
  const { code, errno, sqlState, sqlMessage, message, name, fatal } = Object(error);
  return new DatabaseError(sqlMessage ?? (withoutSql(message) || name || 'unknown failure'), {
    code: code === 'ENOENT' ? socketNotFound : (code ?? (fatal ? connectionLost : undefined)),
    errno: typeof errno === 'number' && errno > 0 ? errno : undefined,
    sqlState,
  });
}

// knex writes "statement - reason". A failure to connect has a reason only.
function withoutSql(message: unknown): string {
  const text = String(message ?? '');
  return text.slice(text.lastIndexOf(' - ') + 1).replace(/^- /, '');
}
