import type { InstallConfig } from '../install-config';
import { quoteIdentifier } from './names';
import { readSqlFile, render } from './sql-files';
import { statementOf } from './statements';

/** What a step installs. */
export type StepKind = 'migration' | 'definer' | 'attribute' | 'routine' | 'event' | 'grant';

/** The key of a row in the migration log. A later release may have recorded other kinds. */
export interface LogKey {
  readonly kind: string;
  readonly name: string;
}

/** A row of the migration log, as a step writes it. */
export interface LogRecord extends LogKey {
  readonly kind: StepKind;
  /** Facts that a later run needs again, such as the path and the type of an attribute. */
  readonly details: Readonly<Record<string, string | number | Expression>>;
  /** SHA-256 of the SQL, in hexadecimal; `unfinished` if the step is under way. */
  readonly checksum: string;
}

/** SQL that the server evaluates when it records the step. */
export interface Expression {
  readonly sql: string;
}

/** The checksum of a step that has begun, or that is being reverted. */
export const unfinished = '';

/** The key of the row that an installer locks while it works. It is no step. */
const lockKey: LogKey = { kind: 'lock', name: 'installer' };

/** Selects the row that an installer locks. */
export const isLockRow = keyCondition(lockKey);

/** Returns the statements that create the migration log. Its table may exist. */
export function createLogStatements(config: InstallConfig): string[] {
  const table = statementOf(render(readSqlFile('tables/sessions_migrations'), config).sql);
  return [table, insertLockRow(config)];
}

/** Returns the statement that inserts the row that an installer locks. It may exist. */
export function insertLockRow({ names }: Pick<InstallConfig, 'names'>): string {
  const { kind, name } = lockKey;
  return (
    `INSERT IGNORE INTO ${quoteIdentifier(names.migrationLog)} ` +
    '(`kind`, `name`, `checksum`, `applied_at`) ' +
    `VALUES (${quoteString(kind)}, ${quoteString(name)}, '', UTC_TIMESTAMP(3))`
  );
}

/** Returns the statement that records a step. */
export function insertLogEntry(
  { names }: Pick<InstallConfig, 'names'>,
  { kind, name, details, checksum }: LogRecord,
): string {
  const values = [
    quoteString(kind),
    quoteString(name),
    formatDetails(details),
    quoteString(checksum),
    'UTC_TIMESTAMP(3)',
  ];
  return (
    `REPLACE INTO ${quoteIdentifier(names.migrationLog)} ` +
    '(`kind`, `name`, `details`, `checksum`, `applied_at`) ' +
    `VALUES (${values.join(', ')})`
  );
}

/**
 * Returns the statement that marks a step as unfinished. It precedes the statements that revert a
 * migration: if the installer dies in between, the next run sees that it must finish or repeat
 * them.
 */
export function markUnfinished({ names }: Pick<InstallConfig, 'names'>, key: LogKey): string {
  return (
    `UPDATE ${quoteIdentifier(names.migrationLog)} SET \`checksum\` = ${quoteString(unfinished)} ` +
    `WHERE ${keyCondition(key)}`
  );
}

/** Returns the statement that deletes a step from the log. */
export function deleteLogEntry({ names }: Pick<InstallConfig, 'names'>, key: LogKey): string {
  return `DELETE FROM ${quoteIdentifier(names.migrationLog)} WHERE ${keyCondition(key)}`;
}

function keyCondition({ kind, name }: LogKey): string {
  return `\`kind\` = ${quoteString(kind)} AND \`name\` = ${quoteString(name)}`;
}

// JSON_OBJECT escapes the values itself. A JSON text would need its backslashes doubled.
function formatDetails(details: LogRecord['details']): string {
  const pairs = Object.entries(details).flatMap(([key, value]) => [
    quoteString(key),
    formatValue(value),
  ]);
  return pairs.length === 0 ? 'NULL' : `JSON_OBJECT(${pairs.join(', ')})`;
}

function formatValue(value: string | number | Expression): string {
  if (typeof value === 'object') {
    return `(${value.sql})`;
  }
  return typeof value === 'number' ? String(value) : quoteString(value);
}

// No value contains a backslash: the checks of accounts and paths refuse it.
export function quoteString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
