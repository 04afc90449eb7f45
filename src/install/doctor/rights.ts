import type { Connection } from '../../database';
import { DatabaseError } from '../../errors';
import { errno } from '../../servers';
import { type Account, quoteAccount } from '../account';
import { quoteIdentifier } from '../names';
import type { Target } from '../target';

/** One privilege on one object, as the server says that an account has it. */
export interface Right {
  /** Such as `EXECUTE`, or `ALL PRIVILEGES`. */
  readonly privilege: string;
  /** What stands after ON: `*.*`, a database's `` `shop`.* ``, a table, or `` PROCEDURE `shop`.`sess_get` ``. */
  readonly on: string;
  /** The role through which the account has it, as it stands in a statement. */
  readonly role?: string | undefined;
}

/**
 * What the account may do, by the server's own account of it; without one, the account of the connection.
 * The roles that it holds count as its own.
 */
export async function rightsOf(connection: Connection, account?: Account): Promise<Right[]> {
  const grantee = account ? quoteAccount(account) : 'CURRENT_USER()';
  const seen = new Set<string>();
  const collect = async (name: string, through?: string): Promise<Right[]> => {
    const rows = await connection.query(`SHOW GRANTS FOR ${name}`);
    const statements = rows.map(([statement]) => String(statement));
    const roles = statements.flatMap(rolesIn).filter((role) => !seen.has(role));
    const rights: Right[] = statements.flatMap(rightsIn).map((right) => ({ ...right, role: through }));
    for (const role of roles) {
      seen.add(role);
      const held = through ?? role;
      rights.push(...(await collect(role, held).catch(unseen(held))));
    }
    return rights;
  };
  return collect(grantee);
}

/** The privileges in a line of SHOW GRANTS. The line itself may hold the hash of a password. */
export function rightsIn(statement: string): Right[] {
  const { list, on } = grantForm.exec(statement)?.groups ?? {};
  if (list === undefined || on === undefined) {
    return [];
  }
  const privileges = list.match(/[^,(]+(?:\([^)]*\))?/g) ?? [];
  const rights = privileges.map((privilege) => ({ privilege: privilege.trim(), on }));
  return [
    ...rights.filter(({ privilege }) => privilege !== 'USAGE'),
    ...(/ WITH (?:.* )?GRANT OPTION/.test(statement) ? [{ privilege: 'GRANT OPTION', on }] : []),
  ];
}

/** The roles in a line of SHOW GRANTS, as they stand in a statement. */
export function rolesIn(statement: string): string[] {
  const [, list] = /^GRANT ((?:`(?:[^`]|``)+`[@,]?)+) TO /.exec(statement) ?? [];
  return list?.match(/`(?:[^`]|``)+`(?:@`(?:[^`]|``)+`)?/g) ?? [];
}

/** What an installation is to the question who can reach it. */
export interface Premises {
  readonly database: string;
  readonly tables: readonly string[];
  readonly routines: readonly string[];
  /** Whether `_` and `%` in the name of a database mean themselves in GRANT, and not any characters. */
  readonly databasesAreLiteral: boolean;
}

export function premisesOf({ database, names, capabilities }: Target, routines: readonly string[]): Premises {
  const { databasesAreLiteral } = capabilities;
  return { database, tables: [names.table, names.migrationLog], routines, databasesAreLiteral };
}

/** Whether the rights hold a privilege on something of the installation, by name or through something larger. */
export function holds(rights: readonly Right[], needed: Right, premises: Premises): boolean {
  return rights.some(
    ({ privilege, on }) =>
      (privilege === needed.privilege || privilege === 'ALL PRIVILEGES') &&
      (on === needed.on || on === '*.*' || covers(on, premises.database, premises)),
  );
}

/** Whether the rights hold one of the privileges on the whole database. */
export function holdsThroughout(
  rights: readonly Right[],
  privileges: readonly string[],
  premises: Premises,
): boolean {
  return rights.some(
    ({ privilege, on }) =>
      (privileges.includes(privilege) || privilege === 'ALL PRIVILEGES') &&
      (on === '*.*' || covers(on, premises.database, premises)),
  );
}

/**
 * Whether a right reaches the sessions: theirs is the table, the routines, and whatever gives power over
 * the whole database or the whole server. What an account may do elsewhere is not looked at.
 */
export function reaches({ on }: Right, premises: Premises): boolean {
  const { groups } = objectForm.exec(on) ?? {};
  if (groups === undefined) {
    const everywhere = !on.endsWith('`.*');
    return everywhere || covers(on, premises.database, premises) || covers(on, 'mysql', premises);
  }
  const database = unquote(groups.database ?? '');
  const names = groups.routine === undefined ? premises.tables : premises.routines;
  return (
    database === 'mysql' || (database === premises.database && names.includes(unquote(groups.object ?? '')))
  );
}

/** Whether two rights are the same, however the account came to them. */
export function isSame(one: Right, other: Right): boolean {
  return one.privilege === other.privilege && one.on === other.on;
}

/** The right to execute a routine. */
export function execution(database: string, routine: string): Right {
  return { privilege: 'EXECUTE', on: `PROCEDURE ${quoteIdentifier(database)}.${quoteIdentifier(routine)}` };
}

export function formatRight({ privilege, on, role }: Right): string {
  return `${privilege} ON ${on}${role ? ` through the role ${role}` : ''}`;
}

/** The statement that takes a right away. */
export function revokeStatement({ privilege, on, role }: Right, account: Account): string {
  if (role !== undefined) {
    return `REVOKE ${role} FROM ${quoteAccount(account)};`;
  }
  return `REVOKE ${privilege} ON ${on} FROM ${quoteAccount(account)};`;
}

/** The statement that gives a right. */
export function grantStatement({ privilege, on }: Right, account: Account): string {
  return `GRANT ${privilege} ON ${on} TO ${quoteAccount(account)};`;
}

const grantForm = /^GRANT (?<list>.+?) ON (?<on>.+?) TO .+$/s;

const objectForm =
  /^(?<routine>(?:PROCEDURE|FUNCTION|PACKAGE|PACKAGE BODY) )?(?<database>`(?:[^`]|``)+`)\.(?<object>`(?:[^`]|``)+`)$/;

// On a whole database, the name is a pattern, as after LIKE, unless the server takes it as it stands.
function covers(on: string, database: string, { databasesAreLiteral }: Premises): boolean {
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

// Without the right to look into a role, an account learns nothing of it but that it has it.
function unseen(role: string): (error: unknown) => Right[] {
  return (error) => {
    if (error instanceof DatabaseError && error.errno !== undefined && error.errno !== errno.noSuchGrant) {
      return [{ privilege: 'rights that this account may not see', on: 'objects unknown', role }];
    }
    throw error;
  };
}
