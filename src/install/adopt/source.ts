import type { Connection } from '../../database/connection';
import { ArgumentError, InstallationError } from '../../errors';
import { describe } from '../../util/describe';
import { quoteIdentifier } from '../../util/identifiers';
import type { ConnectedConfig } from '../install-config';
import {
  recognizeSource,
  type SourceColumn,
  type SourceKind,
  supportedTables,
} from './source-kind';

interface TableName {
  readonly database: string;
  readonly table: string;
}

/** The source table of an adoption, and its columns. */
export interface Source extends TableName {
  readonly kind: SourceKind;
  readonly id: string;
  /** The character set of the ids. */
  readonly charset: string;
  readonly data: string;
  readonly expiry: string;
}

/**
 * Finds a source table and the package that made it.
 *
 * @param name `table`, or `database.table` of the same server
 * @throws {ArgumentError} if the name is not a table name, or this installation's own table
 * @throws {InstallationError} if the table does not exist or no supported package made it
 */
export async function findSource(config: ConnectedConfig, name: string): Promise<Source> {
  const tableName = parseTableName(config, name);
  const columns = await readColumns(config.connection, tableName);
  if (columns.length === 0) {
    throw new InstallationError(
      `There is no table ${quoteTableName(tableName)}, or the account may not see it`,
    );
  }
  const recognized = recognizeSource(columns);
  if (!recognized) {
    throw new InstallationError(
      `The table ${quoteTableName(tableName)} is not a table of ${supportedTables}. ` +
        `Its columns are ${columns.map((column) => column.name).join(', ')}`,
    );
  }
  const { kind, id, data, expiry } = recognized;
  return {
    ...tableName,
    kind,
    id: id.name,
    charset: id.charset,
    data: data.name,
    expiry: expiry.name,
  };
}

/** Quotes a table name, with its database, for a statement. */
export function quoteTableName({ database, table }: TableName): string {
  return `${quoteIdentifier(database)}.${quoteIdentifier(table)}`;
}

const tableNamePattern =
  /^(?:(?:`(?<quotedDatabase>[^`]+)`|(?<database>[^`.]+))\.)?(?:`(?<quotedTable>[^`]+)`|(?<table>[^`.]+))$/;

function parseTableName(config: ConnectedConfig, name: string): TableName {
  const { quotedDatabase, database, quotedTable, table } =
    tableNamePattern.exec(name)?.groups ?? {};
  const parsed = {
    database: quotedDatabase ?? database ?? config.database,
    table: quotedTable ?? table ?? '',
  };
  if (parsed.table === '') {
    throw new ArgumentError(
      'source',
      'a table such as old_sessions or shop.old_sessions',
      describe(name),
    );
  }
  if (parsed.database === config.database && parsed.table === config.names.table) {
    throw new ArgumentError(
      'source',
      "a table other than this installation's own (set by --table and --prefix)",
      `'${name}'`,
    );
  }
  return parsed;
}

async function readColumns(
  connection: Connection,
  { database, table }: TableName,
): Promise<SourceColumn[]> {
  const rows = await connection.query(
    `SELECT column_name, data_type, character_set_name, column_key FROM information_schema.columns
     WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position`,
    [database, table],
  );
  return rows.map(([name, type, charset, key]) => ({
    name: String(name),
    type: String(type).toLowerCase(),
    charset: String(charset),
    isPrimary: key === 'PRI',
  }));
}
