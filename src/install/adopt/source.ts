import type { Connection } from '../../database';
import { ArgumentError, describe, InstallationError } from '../../errors';
import { quoteIdentifier } from '../names';
import type { ConnectedTarget } from '../target';
import { knownForms, recognise, type SourceColumn, type SourceKind } from './kinds';

/** A table of another store, and what stands in which of its columns. */
export interface Source {
  readonly database: string;
  readonly table: string;
  readonly kind: SourceKind;
  readonly id: string;
  /** The character set of the ids. */
  readonly charset: string;
  readonly data: string;
  readonly expiry: string;
}

const form =
  /^(?:(?:`(?<quotedDatabase>[^`]+)`|(?<database>[^`.]+))\.)?(?:`(?<quotedTable>[^`]+)`|(?<table>[^`.]+))$/;

/** @param name `table`, or `database.table` of the same server */
export async function findSource(target: ConnectedTarget, name: string): Promise<Source> {
  const { quotedDatabase, database, quotedTable, table } = form.exec(name)?.groups ?? {};
  const place = {
    database: quotedDatabase ?? database ?? target.database,
    table: quotedTable ?? table ?? '',
  };
  if (place.table === '') {
    throw new ArgumentError('source', 'a table such as old_sessions or shop.old_sessions', describe(name));
  }
  if (place.database === target.database && place.table === target.names.table) {
    throw new ArgumentError(
      'source',
      'another than the one of this installation (which --table and --prefix name)',
      `'${name}'`,
    );
  }
  return sourceOf(place, await columnsOf(target.connection, place));
}

/** A table as it stands in a statement, and for people. */
export function sourceName({ database, table }: Pick<Source, 'database' | 'table'>): string {
  return `${quoteIdentifier(database)}.${quoteIdentifier(table)}`;
}

async function columnsOf(
  connection: Connection,
  { database, table }: Pick<Source, 'database' | 'table'>,
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
    primary: key === 'PRI',
  }));
}

function sourceOf(place: Pick<Source, 'database' | 'table'>, columns: readonly SourceColumn[]): Source {
  if (columns.length === 0) {
    throw new InstallationError(`There is no table ${sourceName(place)}, or the account may not see it`);
  }
  const recognised = recognise(columns);
  if (!recognised) {
    throw new InstallationError(
      `The table ${sourceName(place)} is not one of ${knownForms}. ` +
        `Its columns are ${columns.map(({ name }) => name).join(', ')}`,
    );
  }
  const { kind, id, data, expiry } = recognised;
  return { ...place, kind, id: id.name, charset: id.charset, data: data.name, expiry: expiry.name };
}
