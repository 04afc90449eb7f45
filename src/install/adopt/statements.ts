import { quoteIdentifier } from '../../util/identifiers';
import type { InstallConfig } from '../install-config';
import { quoteTableName, type Source } from './source';

const refusedOutcomes = ['invalidId', 'invalidJson', 'notAnObject'] as const;

/** The possible outcomes of a row, as the statements select them. */
export const rowOutcomes = ['expired', 'present', 'adoptable', ...refusedOutcomes] as const;

export type RowOutcome = (typeof rowOutcomes)[number];

/** Why a row can't be adopted. */
export type RefusedOutcome = (typeof refusedOutcomes)[number];

/**
 * The SQL that reads and copies a source table, a page at a time. Parameters are ids as bytes, as
 * `page` selects them. The first page starts after no id.
 */
export interface Statements {
  /** Selects a page of rows after an id: the id as bytes, the id as text, the outcome. */
  page(isFirst: boolean): string;
  /** Selects one row with the same columns. */
  row(): string;
  /** Selects the same page without the outcomes. */
  pageIds(isFirst: boolean): string;
  /** Copies the rows after an id, up to and including another id. */
  copyPage(isFirst: boolean): string;
  copyRow(): string;
  /** Selects the data of one row as text. */
  data(): string;
}

// With a blank, an alias can't be the name of an installation's table.
const sourceRow = '`source row`';
const ownRow = '`own row`';

const visibleAscii = "'^(2[1-9A-F]|[3-6][0-9A-F]|7[0-9A-E])+$'";

export function createStatements(
  { names }: InstallConfig,
  source: Source,
  pageSize: number,
): Statements {
  const ownTable = quoteIdentifier(names.table);
  const sid = quoteIdentifier(names.sidColumn);
  const key = `${sourceRow}.${quoteIdentifier(source.id)}`;
  const keyBytes = `CAST(${key} AS BINARY)`;
  const id = `CONVERT(${key} USING utf8mb4)`;
  const data = `CONVERT(${sourceRow}.${quoteIdentifier(source.data)} USING utf8mb4)`;
  const expiry = expiryExpression(source);
  // In the column's own character set, the comparison uses the column's collation and index.
  const parameter = `_${source.charset} ?`;
  const outcome = `CASE
    WHEN ${expiry} <= UTC_TIMESTAMP(3) OR ${expiry} IS NULL THEN 'expired'
    WHEN LENGTH(${id}) NOT BETWEEN 1 AND 255 OR NOT HEX(${id}) REGEXP ${visibleAscii} THEN 'invalidId'
    WHEN ${ownRow}.\`expired\` IS NOT NULL THEN 'present'
    WHEN COALESCE(JSON_VALID(${data}), 0) = 0 THEN 'invalidJson'
    WHEN JSON_TYPE(${data}) <> 'OBJECT' THEN 'notAnObject'
    ELSE 'adoptable'
  END`;
  const sourceTable = `${quoteTableName(source)} AS ${sourceRow}`;
  // Only a live session counts as present. Without FORCE INDEX, MariaDB scans the installation's
  // table for each row, and sorts the rest of the source table for each page.
  const joinedTables = `${sourceTable} FORCE INDEX (PRIMARY)
      LEFT JOIN ${ownTable} AS ${ownRow} FORCE INDEX (PRIMARY)
        ON ${ownRow}.${sid} = CONVERT(${key} USING ascii) COLLATE ascii_bin AND ${ownRow}.\`expired\` > UTC_TIMESTAMP(3)`;
  const select = `SELECT ${keyBytes}, ${id}, ${outcome} FROM ${joinedTables}`;
  const after = (isFirst: boolean) => (isFirst ? '' : `WHERE ${key} > ${parameter}`);
  const limit = `ORDER BY ${key} LIMIT ${pageSize}`;
  // A live session stays unchanged, even if the application created it after the page was read.
  // `expired` is assigned last, because the other assignments read its old value.
  const isLive = `${ownTable}.\`expired\` > UTC_TIMESTAMP(3)`;
  const assignments = ['`sess`', '`created_at`', '`updated_at`', '`expired`'].map(
    (column) => `${column} = IF(${isLive}, ${ownTable}.${column}, VALUES(${column}))`,
  );
  const copy = (condition: string) =>
    `INSERT INTO ${ownTable} (${sid}, \`sess\`, \`expired\`, \`created_at\`, \`updated_at\`)
    SELECT ${id}, ${data}, ${expiry}, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)
    FROM ${joinedTables}
    WHERE ${condition} AND ${outcome} = 'adoptable'
    ON DUPLICATE KEY UPDATE ${assignments.join(', ')}`;
  return {
    page: (isFirst) => `${select} ${after(isFirst)} ${limit}`,
    row: () => `${select} WHERE ${key} = ${parameter}`,
    pageIds: (isFirst) =>
      `SELECT ${keyBytes}, ${id} FROM ${sourceTable} ${after(isFirst)} ${limit}`,
    copyPage: (isFirst) =>
      copy(`${isFirst ? '' : `${key} > ${parameter} AND `}${key} <= ${parameter}`),
    copyRow: () => copy(`${key} = ${parameter}`),
    data: () => `SELECT ${data} FROM ${sourceTable} WHERE ${key} = ${parameter}`,
  };
}

/**
 * Converts a package's expiry to a DATETIME in UTC. connect-session-knex writes UTC as text: a
 * DATETIME keeps it, and a TIMESTAMP returns it in the time zone in which it was written. The
 * others write Unix time, in seconds or milliseconds.
 */
function expiryExpression({ kind, expiry }: Source): string {
  const column = `${sourceRow}.${quoteIdentifier(expiry)}`;
  switch (kind) {
    case 'connect-session-knex':
      return `CAST(${column} AS DATETIME(3))`;
    case 'knex-schema-session-store':
      return `(TIMESTAMP'1970-01-01 00:00:00' + INTERVAL ${column} * 1000 MICROSECOND)`;
    case 'express-mysql-session':
    case 'koa-generic-session-knex':
      return `(TIMESTAMP'1970-01-01 00:00:00' + INTERVAL ${column} SECOND)`;
  }
}
