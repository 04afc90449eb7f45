import { quoteIdentifier } from './names';
import { readSqlFile, render, statementOf } from './sql-files';
import type { Step } from './steps';
import type { Target } from './target';

/** In the place of a checksum: the step was begun, or is being taken back. */
export const unfinished = '';

/** The statement that makes the table of the log. */
export function createLogStatement(target: Target): string {
  return statementOf(render(readSqlFile('sql/migration_log.sql').text, target));
}

/** The statement that records a step as applied. */
export function logStatement({ names }: Target, { name, checksum }: Pick<Step, 'name' | 'checksum'>): string {
  return (
    `REPLACE INTO ${quoteIdentifier(names.migrationLog)} (\`name\`, \`checksum\`, \`applied_at\`) ` +
    `VALUES (${quoteString(name)}, ${quoteString(checksum)}, UTC_TIMESTAMP(3))`
  );
}

/**
 * The statement ahead of those that take a migration back. Whoever finds it half undone, because the installer
 * was ended there, sees that it is to be undone, or done, again.
 */
export function revertingStatement({ names }: Target, { name }: Pick<Step, 'name'>): string {
  return (
    `UPDATE ${quoteIdentifier(names.migrationLog)} SET \`checksum\` = ${quoteString(unfinished)} ` +
    `WHERE \`name\` = ${quoteString(name)}`
  );
}

/** The statement that makes the log forget a step. */
export function forgetStatement({ names }: Target, name: string): string {
  return `DELETE FROM ${quoteIdentifier(names.migrationLog)} WHERE \`name\` = ${quoteString(name)}`;
}

// The text is ours but for accounts, in which no quote and no backslash can stand.
function quoteString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
