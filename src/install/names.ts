import { createHash } from 'node:crypto';
import { ArgumentError } from '../errors';
import { identifier, routinePrefix } from '../identifiers';

/** What the objects are called, for two applications in one database. */
export interface Naming {
  /** The table. @default 'sessions' */
  readonly table?: string | undefined;
  /** What the name of every routine starts with; `routinePrefix` of the store. @default 'sess_' */
  readonly prefix?: string | undefined;
  /** The table's column for the session's id. @default 'sid' */
  readonly sidColumn?: string | undefined;
}

export interface Names {
  readonly table: string;
  readonly prefix: string;
  readonly sidColumn: string;
  readonly index: string;
  readonly migrationLog: string;
}

/** The table's columns besides that of the session's id. */
export const ownColumns = ['sess', 'expired', 'created_at', 'updated_at'];

// In a routine, a column of such a name would be read as the parameter or the variable, even in backticks,
// and so the condition on the session's id as one that every session meets.
const likeVariable = /^[pv]_/i;

/**
 * Checks the names and derives the others from them. The lengths leave room for what is added, within the
 * 64 characters that the servers take.
 */
export function namesOf(naming: Naming = {}): Names {
  const table = identifier('table', naming.table ?? 'sessions', 52);
  const prefix = routinePrefix('prefix', naming.prefix);
  const sidColumn = identifier('sidColumn', naming.sidColumn ?? 'sid', 64);
  if (ownColumns.includes(sidColumn.toLowerCase())) {
    throw new ArgumentError(
      'sidColumn',
      `none of the table's other columns (${ownColumns.join(', ')})`,
      `'${sidColumn}'`,
    );
  }
  if (likeVariable.test(sidColumn)) {
    throw new ArgumentError(
      'sidColumn',
      "a name that does not start with p_ or v_, as the routines' own parameters and variables do",
      `'${sidColumn}'`,
    );
  }
  return { table, prefix, sidColumn, index: `${table}_expired_idx`, migrationLog: `${table}_migrations` };
}

/**
 * The account that the routines run as. Accounts are global to a server, so its name is made of database
 * and prefix, which only one installation has; MySQL takes 32 characters of it.
 */
export function definerName(database: string, { prefix }: Names): string {
  const name = `${database}.${prefix}`;
  if (name.length <= 32 && /^[\w$.-]+$/.test(name)) {
    return name;
  }
  return `${prefix.slice(0, 10)}.${createHash('sha256').update(name).digest('hex').slice(0, 20)}`;
}

/** A database's, table's or account's name as it stands in a statement. */
export function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
