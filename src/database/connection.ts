/** A row of a result: its values in the order of the columns. */
export type Row = readonly unknown[];

/** A value for a placeholder. Text goes as bytes, which no `sql_mode` interprets. */
export type Parameter = Buffer | number | string | null;

/** Sends statements to the database. */
export interface Connection {
  /**
   * @param deadline on the clock of `performance.now()`; no deadline by default
   * @throws {DatabaseError} if the server or the driver reports a failure
   * @throws {DeadlineError} if the server does not answer by the deadline
   */
  query(sql: string, parameters?: readonly Parameter[], deadline?: number): Promise<readonly Row[]>;
}
