import type { InstallConfig } from '../install-config';
import { isSameName } from '../sql/names';
import { isSameObject, type Privilege } from './privilege';

/** The objects of an installation that a privilege may affect. */
export interface Scope {
  readonly database: string;
  readonly tables: readonly string[];
  readonly routines: readonly string[];
  /** Whether GRANT uses `_` and `%` in a database name literally, not as wildcards. */
  readonly databasesAreLiteral: boolean;
}

export function createScope(
  { database, names, capabilities }: InstallConfig,
  routines: readonly string[],
): Scope {
  const { databasesAreLiteral } = capabilities;
  return { database, tables: [names.table, names.migrationLog], routines, databasesAreLiteral };
}

/** Returns whether privileges include a needed one, on the object, its database or the server. */
export function hasPrivilege(
  privileges: readonly Privilege[],
  needed: Privilege,
  scope: Scope,
): boolean {
  return privileges.some(
    ({ name, on }) =>
      (name === needed.name || name === 'ALL PRIVILEGES') &&
      (isSameObject(on, needed.on) || on === '*.*' || coversDatabase(on, scope.database, scope)),
  );
}

/** Returns whether privileges include at least one of these on the whole database. */
export function hasDatabasePrivilege(
  privileges: readonly Privilege[],
  names: readonly string[],
  scope: Scope,
): boolean {
  return privileges.some(
    ({ name, on }) =>
      (names.includes(name) || name === 'ALL PRIVILEGES') &&
      (on === '*.*' || coversDatabase(on, scope.database, scope)),
  );
}

const objectPattern =
  /^(?<routine>(?:PROCEDURE|FUNCTION|PACKAGE|PACKAGE BODY) )?(?<database>`(?:[^`]|``)+`)\.(?<object>`(?:[^`]|``)+`)$/;

/**
 * Returns whether a privilege affects the sessions: on the tables, the routines, the whole database
 * or the whole server. The database `mysql` counts, because its tables hold the grants.
 */
export function isInScope({ on }: Privilege, scope: Scope): boolean {
  const { groups } = objectPattern.exec(on) ?? {};
  if (groups === undefined) {
    const isGlobal = !on.endsWith('`.*');
    return (
      isGlobal || coversDatabase(on, scope.database, scope) || coversDatabase(on, 'mysql', scope)
    );
  }
  const database = unquote(groups.database ?? '');
  const object = unquote(groups.object ?? '');
  const isNamed =
    groups.routine === undefined
      ? scope.tables.includes(object)
      : scope.routines.some((routine) => isSameName(routine, object));
  return database === 'mysql' || (database === scope.database && isNamed);
}

/**
 * Returns whether a privilege is on a whole database. The name in a grant is a LIKE pattern, unless
 * the server reads it literally.
 */
export function coversDatabase(
  on: string,
  database: string,
  { databasesAreLiteral }: Scope,
): boolean {
  const [, quoted] = /^(`(?:[^`]|``)+`)\.\*$/.exec(on) ?? [];
  if (quoted === undefined) {
    return false;
  }
  const name = unquote(quoted);
  return databasesAreLiteral ? name === database : likePattern(name).test(database);
}

function likePattern(text: string): RegExp {
  const pattern = text.replace(/\\?[\s\S]/g, (part) => {
    if (part === '%') {
      return '[\\s\\S]*';
    }
    return part === '_' ? '[\\s\\S]' : part.slice(-1).replace(/[$()*+.?[\\\]^{|}]/, '\\$&');
  });
  return new RegExp(`^${pattern}$`);
}

function unquote(name: string): string {
  return name.slice(1, -1).replaceAll('``', '`');
}
