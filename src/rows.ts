import { toDatabaseError } from './database-error';

/** One row of a result, its values in the order of the columns. */
export type Row = readonly unknown[];

/** What knex built and has not sent yet, as far as it is needed here. */
interface Statement {
  options(options: Readonly<Record<string, unknown>>): PromiseLike<readonly unknown[]>;
}

// A row comes as an array of plain values whatever the application set for its own queries on the same knex
// instance; only a function overrides a typeCast of the connection.
const plainRows = {
  rowsAsArray: true,
  nestTables: false,
  typeCast: (_field: unknown, next: () => unknown) => next(),
};

/**
 * Sends the statement.
 *
 * @throws {DatabaseError}
 */
export async function rowsOf(statement: Statement): Promise<readonly Row[]> {
  let result: unknown;
  try {
    [result] = await statement.options(plainRows);
  } catch (error) {
    throw toDatabaseError(error);
  }
  return rowsIn(result);
}

// A SELECT gives its rows; a CALL gives its rows and then a header, or, without any, a header alone.
function rowsIn(result: unknown): readonly Row[] {
  if (!Array.isArray(result)) {
    return [];
  }
  const last: unknown = result.at(-1);
  const called = last !== undefined && !Array.isArray(last);
  return called ? result[0] : result;
}
