import { defaultPrefix } from '../../contract';
import { ArgumentError } from '../../errors';
import { parseRoutinePrefix } from '../../options/routine-prefix';
import { parseIdentifier } from '../../util/identifiers';
import { sha256 } from '../../util/sha256';
import { type Naming, type ObjectNames, ownColumns } from '../install-config';

const markerPrefix = 'knex-mysql-session:';

/** The comment of each migration log, by which commands find an installation. */
export const logComment = 'knex-mysql-session: migration log';

/** MariaDB cuts the comment of an event at 64 characters. The marker must fit. */
const maxTableName = 64 - markerPrefix.length;

// In a routine, a column of such a name is read as the parameter or variable, even in backticks.
// The condition on the session id would then be true for every session.
const variablePrefix = /^[pv]_/i;

/**
 * Checks the names and derives the others from them.
 *
 * @throws {ArgumentError} if a name does not fit
 */
export function resolveNames(naming: Naming = {}): ObjectNames {
  const table = parseIdentifier('table', naming.table ?? 'sessions', maxTableName);
  const prefix = parseRoutinePrefix('prefix', naming.prefix);
  const sidColumn = parseIdentifier('sidColumn', naming.sidColumn ?? 'sid', 64);
  if (ownColumns.includes(sidColumn.toLowerCase())) {
    throw new ArgumentError(
      'sidColumn',
      `none of the table's other columns (${ownColumns.join(', ')})`,
      `'${sidColumn}'`,
    );
  }
  if (variablePrefix.test(sidColumn)) {
    throw new ArgumentError(
      'sidColumn',
      'a name without the prefix p_ or v_: the routines use it for parameters and variables',
      `'${sidColumn}'`,
    );
  }
  return {
    table,
    prefix,
    sidColumn,
    flags: differing({ table, prefix, sidColumn }),
    index: `${table}_expired_idx`,
    migrationLog: `${table}_migrations`,
  };
}

/** Returns the names that differ from the defaults. */
function differing({ table, prefix, sidColumn }: Required<Naming>): Naming {
  return {
    ...(table === 'sessions' ? {} : { table }),
    ...(prefix === defaultPrefix ? {} : { prefix }),
    ...(sidColumn === 'sid' ? {} : { sidColumn }),
  };
}

/** Returns the last line of the COMMENT of each routine and event that belongs to the table. */
export function markerOf({ table }: Pick<ObjectNames, 'table'>): string {
  return `${markerPrefix}${table}`;
}

/** Returns the table that a routine with this COMMENT belongs to. */
export function parseMarker(comment: string): string | undefined {
  const marker = comment.split('\n').at(-1) ?? '';
  return marker.startsWith(markerPrefix) ? marker.slice(markerPrefix.length) : undefined;
}

/** Returns whether a routine or event with this COMMENT belongs to the table. */
export function isOwnComment(names: Pick<ObjectNames, 'table'>, comment: string): boolean {
  // A server may keep the table's name in lower case. The prefix tells other tables apart.
  return parseMarker(comment)?.toLowerCase() === names.table.toLowerCase();
}

/** Returns whether two names of routines are the same: no server heeds their letter case. */
export function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/**
 * Returns the user name of the definer. Accounts are global to a server, so the name contains
 * database and prefix: only one installation has both. MySQL allows 32 characters.
 */
export function definerName(database: string, { prefix }: ObjectNames): string {
  const name = `${database}.${prefix}`;
  if (name.length <= 32 && /^[\w$.-]+$/.test(name)) {
    return name;
  }
  return `${prefix.slice(0, 10)}.${sha256(name).slice(0, 20)}`;
}
