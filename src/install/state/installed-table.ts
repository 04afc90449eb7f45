import type { Connection } from '../../database/connection';
import { quoteIdentifier } from '../../util/identifiers';
import type { ConnectedConfig } from '../install-config';
import { isJsonColumn } from './server-capabilities';

/** A column, as the server has it. */
export interface InstalledColumn {
  readonly name: string;
  /** Its type, collation and nullability: `varchar(255) ascii_bin NOT NULL`. */
  readonly type: string;
  /** Its type in SQL, without nullability. */
  readonly definition: string;
  /** Whether the server computes its value, and stores none. */
  readonly isVirtual: boolean;
  /** Whether an INSERT that leaves it out fails. */
  readonly needsValue: boolean;
}

/** The table of the sessions, as the server has it. */
export interface InstalledTable {
  readonly engine: string;
  readonly comment: string;
  readonly columns: readonly InstalledColumn[];
  /** The indexes by name, each with its columns: `unique on sid`. */
  readonly indexes: ReadonlyMap<string, string>;
  /** When a session ends whose expiry time got lost: in a day, on the server's clock. */
  readonly tomorrow: string;
}

/** Reads the table. Returns `undefined` if it does not exist. */
export async function readTable(config: ConnectedConfig): Promise<InstalledTable | undefined> {
  const { connection, names } = config;
  const [row] = await connection.query(
    `SELECT engine, table_comment,
       DATE_FORMAT(UTC_TIMESTAMP(3) + INTERVAL 1 DAY, '%Y-%m-%d %H:%i:%s')
     FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_name = ? AND table_type = 'BASE TABLE'`,
    [names.table],
  );
  if (row === undefined) {
    return undefined;
  }
  const [engine, comment, tomorrow] = row.map(String);
  return {
    engine: engine ?? '',
    comment: comment ?? '',
    tomorrow: tomorrow ?? '',
    columns: await readColumns(connection, names.table),
    indexes: await readIndexes(config),
  };
}

async function readColumns(connection: Connection, table: string): Promise<InstalledColumn[]> {
  const rows = await connection.query(
    `SELECT column_name, column_type, collation_name, is_nullable, column_default IS NULL, extra
     FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position`,
    [table],
  );
  const [definition] = await connection.query(`SHOW CREATE TABLE ${quoteIdentifier(table)}`);
  const created = String(definition?.[1]);
  return rows.map(([column, columnType, collation, nullable, hasNoDefault, extra]) => {
    const name = String(column);
    const isRequired = nullable === 'NO';
    const definition = `${columnType}${collation === null ? '' : ` COLLATE ${collation}`}`;
    // MariaDB reports JSON as LONGTEXT, and adds a display width to an integer type.
    const type = isJsonColumn(created, name)
      ? 'json'
      : definition.replace(/^(\w*int)\(\d+\)/, '$1').replace(' COLLATE', '');
    return {
      name,
      type: `${type} ${isRequired ? 'NOT NULL' : 'NULL'}`,
      definition,
      isVirtual: extra === 'VIRTUAL GENERATED',
      needsValue:
        isRequired && Number(hasNoDefault) === 1 && !/GENERATED|auto_increment/.test(String(extra)),
    };
  });
}

async function readIndexes({
  connection,
  names,
  capabilities,
}: ConnectedConfig): Promise<Map<string, string>> {
  const rows = await connection.query(`SHOW INDEX FROM ${quoteIdentifier(names.table)}`);
  // MySQL reports whether the optimizer sees an index, MariaDB whether it ignores it.
  const unused = capabilities.readsMariaDbComments ? 'YES' : 'NO';
  const indexes = new Map<string, string>();
  for (const row of rows) {
    const [nonUnique, key, column, prefixLength, visibility] = [1, 2, 4, 7, 13].map(
      (at) => row[at],
    );
    const name = String(key);
    const known = indexes.get(name);
    const start = Number(nonUnique) === 0 ? 'unique on' : 'on';
    const ignored = visibility === unused ? 'ignored, ' : '';
    const part = `${column}${prefixLength === null ? '' : `(${prefixLength})`}`;
    indexes.set(name, known === undefined ? `${ignored}${start} ${part}` : `${known}, ${part}`);
  }
  return indexes;
}
