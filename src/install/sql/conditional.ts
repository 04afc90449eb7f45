import type { InstallConfig } from '../install-config';
import type { Account } from './account';
import { quoteString } from './log-statements';

/** The statement that runs the prepared one. It can wait for a table, as the statement itself. */
export const executePrepared = 'EXECUTE sess_statement';

/**
 * Returns statements that run another one only if a condition is true. Not every server has
 * `IF EXISTS` for each statement, and a script must be able to run again.
 */
export function runIf(condition: string, statement: string): string[] {
  return [
    `SET @sess_statement = IF(\n  ${condition},\n  ${quoteString(statement)},\n  'DO 0'\n)`,
    ...runPrepared,
  ];
}

/** The statements that run the text in `@sess_statement`. */
export const runPrepared = ['PREPARE sess_statement FROM @sess_statement', executePrepared];

/** Returns the condition that the table has a column. */
export function hasColumn({ names }: Pick<InstallConfig, 'names'>, column: string): string {
  return (
    'EXISTS (SELECT 1 FROM information_schema.columns\n    WHERE table_schema = DATABASE() ' +
    `AND table_name = ${quoteString(names.table)} AND column_name = ${quoteString(column)})`
  );
}

/** Returns the condition that the table has an index. */
export function hasIndex({ names }: Pick<InstallConfig, 'names'>, index: string): string {
  return (
    'EXISTS (SELECT 1 FROM information_schema.statistics\n    WHERE table_schema = DATABASE() ' +
    `AND table_name = ${quoteString(names.table)} AND index_name = ${quoteString(index)})`
  );
}

/** Returns the condition that an account has a right on a routine, by a grant on the routine. */
export function hasRoutineRight({ user, host }: Account, routine: string): string {
  return (
    "EXISTS (SELECT 1 FROM mysql.procs_priv WHERE db = DATABASE() AND routine_type = 'PROCEDURE'\n" +
    `    AND routine_name = ${quoteString(routine)} ` +
    `AND user = ${quoteString(user)} AND host = ${quoteString(host)})`
  );
}
