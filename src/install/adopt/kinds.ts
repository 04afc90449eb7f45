/** The packages whose tables can be taken over. */
export type SourceKind =
  | 'connect-session-knex'
  | 'express-mysql-session'
  | 'koa-generic-session-knex'
  | 'knex-schema-session-store';

export interface SourceColumn {
  readonly name: string;
  readonly type: string;
  readonly charset: string;
  readonly primary: boolean;
}

/** Which columns of a table are a session's. */
export interface SourceColumns {
  readonly kind: SourceKind;
  readonly id: SourceColumn;
  readonly data: SourceColumn;
  readonly expiry: SourceColumn;
}

/** A package's table: its columns by their usual names, and the types that they have. */
interface Form {
  readonly kind: SourceKind;
  readonly id?: string;
  readonly data: string;
  readonly expiry: string;
  readonly expiryTypes: readonly string[];
  /** Whether its columns can have other names: then their types tell, in a table of three columns. */
  readonly isRenamed?: boolean;
  /** The only columns that it may have besides, where it keeps parts of a session in further ones. */
  readonly besides?: readonly string[];
}

const textTypes = ['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'json'];

const forms: readonly Form[] = [
  {
    kind: 'knex-schema-session-store',
    data: 'additional',
    expiry: 'expire_at',
    expiryTypes: ['bigint'],
    besides: ['created_at', 'updated_at'],
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
    isRenamed: true,
  },
  {
    kind: 'express-mysql-session',
    data: 'data',
    expiry: 'expires',
    expiryTypes: ['int'],
    isRenamed: true,
  },
  { kind: 'express-mysql-session', data: 'data', expiry: 'expires', expiryTypes: ['bigint'] },
];

/** The forms, for people. */
export const knownForms =
  'connect-session-knex (sid, sess, expired), express-mysql-session (session_id, expires, data), ' +
  'koa-generic-session-knex (id, data, expires) or knex-schema-session-store (sid, additional, expire_at, and no schema)';

/** Tells by its columns whose table it is; undefined where it is nobody's. */
export function recognise(columns: readonly SourceColumn[]): SourceColumns | undefined {
  const [id, ...furtherIds] = columns.filter(({ primary }) => primary);
  if (!id || furtherIds.length > 0 || !textTypes.includes(id.type)) {
    return undefined;
  }
  const others = columns.filter(({ primary }) => !primary);
  for (const form of forms) {
    const isNamed = (name: string | undefined, column: SourceColumn) => column.name.toLowerCase() === name;
    const find = (name: string, types: readonly string[]) => {
      const candidates = others.filter(({ type }) => types.includes(type));
      const byType = form.isRenamed && columns.length === 3 ? candidates[0] : undefined;
      return candidates.find((column) => isNamed(name, column)) ?? byType;
    };
    const data = find(form.data, textTypes);
    const expiry = find(form.expiry, form.expiryTypes);
    const isTooMuch = others.some(
      (column) => ![data, expiry].includes(column) && form.besides?.includes(column.name) === false,
    );
    if (data && expiry && !isTooMuch && (form.id === undefined || isNamed(form.id, id))) {
      return { kind: form.kind, id, data, expiry };
    }
  }
  return undefined;
}
