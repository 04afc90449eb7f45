/** A package whose table can be adopted. */
export type SourceKind =
  | 'connect-session-knex'
  | 'express-mysql-session'
  | 'koa-generic-session-knex'
  | 'knex-schema-session-store';

export interface SourceColumn {
  readonly name: string;
  readonly type: string;
  readonly charset: string;
  readonly isPrimary: boolean;
}

/** The columns of a source table that have the id, the data and the expiry of a session. */
export interface SourceColumns {
  readonly kind: SourceKind;
  readonly id: SourceColumn;
  readonly data: SourceColumn;
  readonly expiry: SourceColumn;
}

/** The table of a package: default column names and possible column types. */
interface TableLayout {
  readonly kind: SourceKind;
  /** Undefined if any name is possible. */
  readonly id?: string;
  readonly data: string;
  readonly expiry: string;
  readonly expiryTypes: readonly string[];
  /** Whether the package can rename columns. A table of three columns is then matched by type. */
  readonly canRenameColumns?: boolean;
  /** The only other columns. Undefined if other columns never have parts of a session. */
  readonly otherColumns?: readonly string[];
}

const textTypes = ['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'json'];

const layouts: readonly TableLayout[] = [
  {
    kind: 'knex-schema-session-store',
    data: 'additional',
    expiry: 'expire_at',
    expiryTypes: ['bigint'],
    // The package can move parts of a session into further columns.
    otherColumns: ['created_at', 'updated_at'],
  },
  {
    kind: 'koa-generic-session-knex',
    id: 'id',
    data: 'data',
    expiry: 'expires',
    expiryTypes: ['bigint'],
  },
  {
    kind: 'connect-session-knex',
    data: 'sess',
    expiry: 'expired',
    expiryTypes: ['datetime', 'timestamp'],
    canRenameColumns: true,
  },
  {
    kind: 'express-mysql-session',
    data: 'data',
    expiry: 'expires',
    expiryTypes: ['int'],
    canRenameColumns: true,
  },
  { kind: 'express-mysql-session', data: 'data', expiry: 'expires', expiryTypes: ['bigint'] },
];

/** The tables that can be adopted, for an error message. */
export const supportedTables =
  'connect-session-knex (sid, sess, expired), express-mysql-session (session_id, expires, data), ' +
  'koa-generic-session-knex (id, data, expires) or knex-schema-session-store (sid, additional, ' +
  'expire_at, without schema columns)';

/** Recognizes the package of a table by its columns. Returns undefined for an unknown table. */
export function recognizeSource(columns: readonly SourceColumn[]): SourceColumns | undefined {
  const [id, ...furtherIds] = columns.filter(({ isPrimary }) => isPrimary);
  if (!id || furtherIds.length > 0 || !textTypes.includes(id.type)) {
    return undefined;
  }
  const others = columns.filter(({ isPrimary }) => !isPrimary);
  for (const layout of layouts) {
    const find = (name: string, types: readonly string[]) => {
      const candidates = others.filter(({ type }) => types.includes(type));
      const byType = layout.canRenameColumns && columns.length === 3 ? candidates[0] : undefined;
      return candidates.find((column) => hasName(column, name)) ?? byType;
    };
    const data = find(layout.data, textTypes);
    const expiry = find(layout.expiry, layout.expiryTypes);
    const hasUnknownColumns = others.some(
      (column) =>
        ![data, expiry].includes(column) && layout.otherColumns?.includes(column.name) === false,
    );
    const hasExpectedId = layout.id === undefined || hasName(id, layout.id);
    if (data && expiry && !hasUnknownColumns && hasExpectedId) {
      return { kind: layout.kind, id, data, expiry };
    }
  }
  return undefined;
}

function hasName(column: SourceColumn, name: string): boolean {
  return column.name.toLowerCase() === name;
}
