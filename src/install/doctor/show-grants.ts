import type { Connection } from '../../database/connection';
import { errno } from '../../database/error-codes';
import { DatabaseError } from '../../errors';
import { type Account, quoteAccount } from '../sql/account';
import type { Privilege } from './privilege';

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
    if (
      error instanceof DatabaseError &&
      error.errno !== undefined &&
      error.errno !== errno.noSuchGrant
    ) {
      return [{ name: 'privileges not visible to this account', on: 'unknown objects', role }];
    }
    throw error;
  };
}
