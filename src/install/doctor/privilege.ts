import { type Account, quoteAccount } from '../sql/account';
import { quoteIdentifier } from '../sql/names';

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
  return one.name === other.name && one.on === other.on;
}

export function formatPrivilege({ name, on, role }: Privilege): string {
  return `${name} ON ${on}${role ? ` through the role ${role}` : ''}`;
}

export function grantStatement({ name, on }: Privilege, account: Account): string {
  return `GRANT ${name} ON ${on} TO ${quoteAccount(account)};`;
}

/** Returns the statement that revokes a privilege, or the role that gives it. */
export function revokeStatement({ name, on, role }: Privilege, account: Account): string {
  if (role !== undefined) {
    return `REVOKE ${role} FROM ${quoteAccount(account)};`;
  }
  return `REVOKE ${name} ON ${on} FROM ${quoteAccount(account)};`;
}
