import type { Connection } from '../../database/connection';
import { errno } from '../../database/error-codes';
import { DatabaseError } from '../../errors';
import { quoteIdentifier } from '../../util/identifiers';
import { type Account, quoteAccount } from '../sql/account';

/** A privilege on one object, as SHOW GRANTS reports it. */
export interface Privilege {
  /** For example `EXECUTE` or `ALL PRIVILEGES`. */
  readonly name: string;
  /** The object: `*.*`, `` `shop`.* ``, a table, or `` PROCEDURE `shop`.`sess_get` ``. */
  readonly on: string;
  /** The server role that gives it, quoted. Undefined if the account has it directly. */
  readonly role?: string | undefined;
}

/** Returns the privilege to execute a routine. */
export function executePrivilege(database: string, routine: string): Privilege {
  return {
    name: 'EXECUTE',
    on: `PROCEDURE ${quoteIdentifier(database)}.${quoteIdentifier(routine)}`,
  };
}

/** Returns whether two privileges are the same, directly or through a role. */
export function isSamePrivilege(one: Privilege, other: Privilege): boolean {
  return one.name === other.name && isSameObject(one.on, other.on);
}

/** Returns whether two privileges are on the same object. Routines' names have no letter case. */
export function isSameObject(one: string, other: string): boolean {
  return foldRoutine(one) === foldRoutine(other);
}

function foldRoutine(on: string): string {
  return on.replace(/^(?:PROCEDURE|FUNCTION) (?:`(?:[^`]|``)+`)\.(`.*)$/s, (all, routine: string) =>
    all.slice(0, -routine.length).concat(routine.toLowerCase()),
  );
}

export function formatPrivilege({ name, on, role }: Privilege): string {
  return `${name} ON ${on}${role ? ` through the role ${role}` : ''}`;
}

export function grantStatement({ name, on }: Privilege, account: Account): string {
  const grantee = quoteAccount(account);
  // MariaDB and MySQL accept it only as an addition.
  return name === 'GRANT OPTION'
    ? `GRANT USAGE ON ${on} TO ${grantee} WITH GRANT OPTION;`
    : `GRANT ${name} ON ${on} TO ${grantee};`;
}

/** Returns the statement that lets an account read the SQL of all routines. MariaDB needs none. */
export function showRoutineGrant(account: Account): string {
  return grantStatement({ name: 'SHOW_ROUTINE', on: '*.*' }, account);
}

/** Returns the statement that revokes a privilege, or the role that gives it. */
export function revokeStatement({ name, on, role }: Privilege, account: Account): string {
  if (role !== undefined) {
    return `REVOKE ${role} FROM ${quoteAccount(account)};`;
  }
  return `REVOKE ${name} ON ${on} FROM ${quoteAccount(account)};`;
}

/**
 * Returns the privileges of an account, including those of its server roles.
 *
 * @param account by default the account of the connection
 */
export async function readPrivileges(
  connection: Connection,
  account?: Account,
): Promise<Privilege[]> {
  const seenRoles = new Set<string>();
  const readGrants = async (grantee: string, role?: string): Promise<Privilege[]> => {
    const rows = await connection.query(`SHOW GRANTS FOR ${grantee}`);
    const lines = rows.map(([line]) => String(line));
    const privileges: Privilege[] = lines
      .flatMap(parsePrivileges)
      .map((privilege) => ({ ...privilege, role }));
    const newRoles = lines.flatMap(parseRoles).filter((name) => !seenRoles.has(name));
    for (const newRole of newRoles) {
      seenRoles.add(newRole);
      // The account has a nested role through its own role, so REVOKE must name its own role.
      const ownRole = role ?? newRole;
      privileges.push(...(await readGrants(newRole, ownRole).catch(reportHiddenRole(ownRole))));
    }
    return privileges;
  };
  return readGrants(account ? quoteAccount(account) : 'CURRENT_USER()');
}

const grantLine = /^GRANT (?<list>.+?) ON (?<on>.+?) TO .+$/s;

/** Parses privileges in a line of SHOW GRANTS. Never log the line: it may hold a password hash. */
export function parsePrivileges(line: string): Privilege[] {
  const { list, on } = grantLine.exec(line)?.groups ?? {};
  if (list === undefined || on === undefined) {
    return [];
  }
  // A comma inside parentheses separates columns, not privileges.
  const names = (list.match(/[^,(]+(?:\([^)]*\))?/g) ?? []).map((name) => name.trim());
  return [
    ...names.filter((name) => name !== 'USAGE').map((name) => ({ name, on })),
    ...(/ WITH (?:.* )?GRANT OPTION/.test(line) ? [{ name: 'GRANT OPTION', on }] : []),
  ];
}

/** Parses the roles in a line of SHOW GRANTS. They stay quoted. */
export function parseRoles(line: string): string[] {
  const [, list] = /^GRANT ((?:`(?:[^`]|``)+`[@,]?)+) TO /.exec(line) ?? [];
  return list?.match(/`(?:[^`]|``)+`(?:@`(?:[^`]|``)+`)?/g) ?? [];
}

// An account may have a role without the privilege to see the role's grants.
function reportHiddenRole(role: string): (error: unknown) => Privilege[] {
  return (error) => {
    if (!(error instanceof DatabaseError) || error.errno === undefined) {
      throw error;
    }
    // Somebody dropped the role after the account's grants were read.
    return error.errno === errno.noSuchGrant
      ? []
      : [{ name: 'privileges not visible to this account', on: 'unknown objects', role }];
  };
}
