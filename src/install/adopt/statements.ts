import { quoteIdentifier } from '../names';
import type { Target } from '../target';
import { type Source, sourceName } from './source';

/** What becomes of a row: the first that holds. */
export type Verdict = 'expired' | 'wrongId' | 'present' | 'wrongText' | 'noObject' | 'fits';

/** The statements that look at a source and copy from it. Each takes the bytes of ids, as `look` gives them. */
export interface Statements {
  /** A page of rows after an id: the bytes of the id, the id as text, the verdict. */
  look(first: boolean): string;
  lookAtOne(): string;
  /** The same page without its verdicts. */
  ids(first: boolean): string;
  /** Copies the rows with an id after one and up to another. */
  copyRange(first: boolean): string;
  copyOne(): string;
  /** The data of one row, as text. */
  data(): string;
}

// Aliases that no table of ours can have for a name.
const there = '`row there`';
const here = '`row here`';

const visibleAscii = "'^(2[1-9A-F]|[3-6][0-9A-F]|7[0-9A-E])+$'";

export function statementsFor({ names }: Target, source: Source, pageSize: number): Statements {
  const own = quoteIdentifier(names.table);
  const sid = quoteIdentifier(names.sidColumn);
  const key = `${there}.${quoteIdentifier(source.id)}`;
  const id = `CONVERT(${key} USING utf8mb4)`;
  const text = `CONVERT(${there}.${quoteIdentifier(source.data)} USING utf8mb4)`;
  const expired = expiryOf(source);
  // A literal in the character set of the column compares as the column's collation says, and so with its index.
  const given = `_${source.charset} ?`;
  const verdict = `CASE
    WHEN ${expired} <= UTC_TIMESTAMP(3) OR ${expired} IS NULL THEN 'expired'
    WHEN LENGTH(${id}) NOT BETWEEN 1 AND 255 OR NOT HEX(${id}) REGEXP ${visibleAscii} THEN 'wrongId'
    WHEN ${here}.\`expired\` IS NOT NULL THEN 'present'
    WHEN COALESCE(JSON_VALID(${text}), 0) = 0 THEN 'wrongText'
    WHEN JSON_TYPE(${text}) <> 'OBJECT' THEN 'noObject'
    ELSE 'fits'
  END`;
  // Only a session that lives here counts as present: an expired one is as good as none, cleaned up or not.
  // Left to itself, MariaDB compares each row with all that lives here, and sorts what is left of the source.
  const joined = `${sourceName(source)} AS ${there} FORCE INDEX (PRIMARY)
      LEFT JOIN ${own} AS ${here} FORCE INDEX (PRIMARY)
        ON ${here}.${sid} = CONVERT(${key} USING ascii) COLLATE ascii_bin AND ${here}.\`expired\` > UTC_TIMESTAMP(3)`;
  const whereBetween = (first: boolean) => `${first ? '' : `${key} > ${given} AND `}${key} <= ${given}`;
  // What lives here is left alone, even if it came in this moment: the application may have moved on with it.
  // The time of expiry comes last, because the others ask for it.
  const copy = (
    where: string,
  ) => `INSERT INTO ${own} (${sid}, \`sess\`, \`expired\`, \`created_at\`, \`updated_at\`)
    SELECT ${id}, ${text}, ${expired}, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)
    FROM ${joined}
    WHERE ${where} AND ${verdict} = 'fits'
    ON DUPLICATE KEY UPDATE
      \`sess\` = IF(${own}.\`expired\` > UTC_TIMESTAMP(3), ${own}.\`sess\`, VALUES(\`sess\`)),
      \`created_at\` = IF(${own}.\`expired\` > UTC_TIMESTAMP(3), ${own}.\`created_at\`, VALUES(\`created_at\`)),
      \`updated_at\` = IF(${own}.\`expired\` > UTC_TIMESTAMP(3), ${own}.\`updated_at\`, VALUES(\`updated_at\`)),
      \`expired\` = IF(${own}.\`expired\` > UTC_TIMESTAMP(3), ${own}.\`expired\`, VALUES(\`expired\`))`;
  const bytes = `CAST(${key} AS BINARY)`;
  const look = `SELECT ${bytes}, ${id}, ${verdict} FROM ${joined}`;
  const page = `ORDER BY ${key} LIMIT ${pageSize}`;
  return {
    look: (first) => `${look} ${first ? '' : `WHERE ${key} > ${given}`} ${page}`,
    lookAtOne: () => `${look} WHERE ${key} = ${given}`,
    ids: (first) =>
      `SELECT ${bytes}, ${id} FROM ${sourceName(source)} AS ${there} ${first ? '' : `WHERE ${key} > ${given}`} ${page}`,
    copyRange: (first) => copy(whereBetween(first)),
    copyOne: () => copy(`${key} = ${given}`),
    data: () => `SELECT ${text} FROM ${sourceName(source)} AS ${there} WHERE ${key} = ${given}`,
  };
}

/**
 * connect-session-knex writes the UTC time as text, which a DATETIME keeps as it is, and a TIMESTAMP gives back
 * in the time zone in which it was written. The others write Unix time: in milliseconds, or in seconds.
 */
function expiryOf({ kind, expiry }: Source): string {
  const column = `${there}.${quoteIdentifier(expiry)}`;
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
