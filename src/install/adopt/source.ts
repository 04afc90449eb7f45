import type { Connection } from '../../database';
import { ArgumentError, describe, InstallationError } from '../../errors';
import { quoteIdentifier } from '../names';
import type { ConnectedTarget } from '../target';

/** The packages whose tables can be taken over. */
export type SourceKind = 'connect-session-knex' | 'express-mysql-session';

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

interface SourceColumn {
  readonly name: string;
  readonly type: string;
  readonly charset: string;
  readonly primary: boolean;
}

const form =
  /^(?:(?:`(?<quotedDatabase>[^`]+)`|(?<database>[^`.]+))\.)?(?:`(?<quotedTable>[^`]+)`|(?<table>[^`.]+))$/;
const textTypes = ['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'json'];

/** What tells the two packages apart: one keeps the end of a session as UTC, the other in Unix seconds. */
const kinds: ReadonlyArray<readonly [SourceKind, expiryTypes: readonly string[]]> = [
  ['connect-session-knex', ['datetime', 'timestamp']],
  ['express-mysql-session', ['int', 'bigint']],
];

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
  return recognise(place, await columnsOf(target.connection, place));
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

function recognise(place: Pick<Source, 'database' | 'table'>, columns: readonly SourceColumn[]): Source {
  if (columns.length === 0) {
    throw new InstallationError(`There is no table ${sourceName(place)}, or the account may not see it`);
  }
  const [id, ...furtherIds] = columns.filter(({ primary }) => primary);
  const expiry = columnFor(
    columns,
    ['expired', 'expires'],
    kinds.flatMap(([, types]) => types),
  );
  const data = columnFor(columns, ['sess', 'data'], textTypes);
  const [kind] = kinds.find(([, types]) => expiry && types.includes(expiry.type)) ?? [];
  if (!id || furtherIds.length > 0 || !textTypes.includes(id.type) || !expiry || !data || !kind) {
    throw new InstallationError(
      `The table ${sourceName(place)} is neither one of connect-session-knex (sid, sess, expired) nor one of ` +
        `express-mysql-session (session_id, expires, data). Its columns are ${columns.map(({ name }) => name).join(', ')}`,
    );
  }
  return { ...place, kind, id: id.name, charset: id.charset, data: data.name, expiry: expiry.name };
}

// Both packages let their columns be renamed: then it is the type that tells, as long as no column was added.
function columnFor(
  columns: readonly SourceColumn[],
  names: readonly string[],
  types: readonly string[],
): SourceColumn | undefined {
  const candidates = columns.filter(({ primary, type }) => !primary && types.includes(type));
  return (
    candidates.find(({ name }) => names.includes(name.toLowerCase())) ??
    (columns.length === 3 ? candidates[0] : undefined)
  );
}
