import { quoteIdentifier } from '../../util/identifiers';
import type { InstallConfig, ObjectNames } from '../install-config';
import { packageVersion } from '../package-version';
import { readSqlFile, render } from './sql-files';
import { statementOf } from './statements';

/** What a step installs. */
export type StepKind =
  | 'installation'
  | 'migration'
  | 'table'
  | 'definer'
  | 'attribute'
  | 'routine'
  | 'event'
  | 'grant';

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

/** Selects the row that an installer locks while it works, by the primary key. It is no step. */
export const isLockRow = '`id` = 1';

/** Returns the condition for the newest row of each step, unless the step was removed. */
export function isCurrentEntry({ migrationLog }: Pick<ObjectNames, 'migrationLog'>): string {
  return (
    `\`id\` IN (SELECT MAX(\`id\`) FROM ${quoteIdentifier(migrationLog)} ` +
    `GROUP BY \`kind\`, \`name\`) AND \`action\` <> 'removed' AND NOT (${isLockRow})`
  );
}

/** Returns the statements that create the migration log. Its table may exist. */
export function createLogStatements(config: InstallConfig): string[] {
  const table = statementOf(render(readSqlFile('tables/sessions_migrations'), config).sql);
  return [table, insertLockRow(config)];
}

/** Returns the statement that inserts the row that an installer locks. It may exist. */
export function insertLockRow(config: Pick<InstallConfig, 'names'>): string {
  const row = { kind: 'lock', name: 'installer', action: 'applied', details: {}, checksum: '' };
  return insert(config, 'INSERT IGNORE', { id: '1', ...valuesOf(row) });
}

/** The statement before each step, from which its record counts the duration. */
export const startClock = 'SET @sess_begun = UTC_TIMESTAMP(6)';

/** Returns the statement that records a step. */
export function insertLogEntry(config: Pick<InstallConfig, 'names'>, record: LogRecord): string {
  const action = record.checksum === unfinished ? 'begun' : 'applied';
  return insert(config, 'INSERT', valuesOf({ ...record, action }));
}

/**
 * Returns the statement that marks a step as unfinished. It precedes statements that drop
 * something: if the installer dies in between, the next run finishes or repeats the step.
 */
export function markUnfinished(config: Pick<InstallConfig, 'names'>, key: LogKey): string {
  const row = { ...key, action: 'begun', details: {}, checksum: unfinished };
  return insert(config, 'INSERT', valuesOf(row));
}

/** Returns the statement that records the removal of what a step installed. */
export function insertRemoval(config: Pick<InstallConfig, 'names'>, key: LogKey): string {
  const row = { ...key, action: 'removed', details: {}, checksum: '' };
  return insert(config, 'INSERT', valuesOf(row));
}

interface LogRow extends LogKey {
  readonly action: string;
  readonly details: LogRecord['details'];
  readonly checksum: string;
}

/** Returns the SQL of each column of a row. */
function valuesOf({ kind, name, action, details, checksum }: LogRow): Record<string, string> {
  return {
    kind: quoteString(kind),
    name: quoteString(name),
    action: quoteString(action),
    details: formatDetails(details),
    checksum: quoteString(checksum),
    package_version: quoteString(packageVersion()),
    applied_by: 'USER()',
    applied_at: 'UTC_TIMESTAMP(3)',
    duration_ms: 'TIMESTAMPDIFF(MICROSECOND, @sess_begun, UTC_TIMESTAMP(6)) DIV 1000',
  };
}

function insert(
  { names }: Pick<InstallConfig, 'names'>,
  verb: 'INSERT' | 'INSERT IGNORE',
  values: Readonly<Record<string, string>>,
): string {
  return (
    `${verb} INTO ${quoteIdentifier(names.migrationLog)} ` +
    `(${Object.keys(values).map(quoteIdentifier).join(', ')}) ` +
    `VALUES (${Object.values(values).join(', ')})`
  );
}

// JSON_OBJECT escapes the values itself. A JSON text would need its backslashes doubled.
function formatDetails(details: LogRecord['details']): string {
  const pairs = Object.entries(details).flatMap(([key, value]) => [
    quoteString(key),
    formatValue(value),
  ]);
  return pairs.length === 0 ? 'NULL' : `JSON_OBJECT(${pairs.join(', ')})`;
}

/** Returns the SQL of a list of objects, for the details of a step. */
export function formatList(items: ReadonlyArray<Readonly<Record<string, string>>>): Expression {
  return { sql: `JSON_ARRAY(${items.map((item) => formatDetails(item)).join(', ')})` };
}

function formatValue(value: string | number | Expression): string {
  if (typeof value === 'object') {
    return `(${value.sql})`;
  }
  return typeof value === 'number' ? String(value) : quoteString(value);
}

// The name of an account that a DBA created may contain a backslash.
export function quoteString(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
