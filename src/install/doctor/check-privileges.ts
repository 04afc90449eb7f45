import { mayExecute, type Role, withPrefix } from '../../contract';
import { formatCommand } from '../command';
import type { InstallConfig } from '../install-config';
import {
  executePrivilege,
  formatPrivilege,
  isSamePrivilege,
  type Privilege,
  revokeStatement,
} from '../privileges/privilege';
import { createScope, hasPrivilege, isInScope } from '../privileges/scope';
import { type Account, formatAccount } from '../sql/account';
import { type CheckResult, compare, note } from './check-result';

/** An account with its roles, and the privileges that it has on the server. */
export interface Grantee {
  readonly account: Account;
  readonly roles: readonly Role[];
  readonly privileges: readonly Privilege[];
  /** Routines that it lost with a restore, and gets again from migrate. */
  readonly lost?: readonly string[];
}

/**
 * Checks that an account has exactly the privileges of its roles. Other objects do not count.
 *
 * @param expected the default names of all routines that should exist
 * @param installed the names of the routines that exist
 */
export function checkPrivileges(
  config: InstallConfig,
  { account, roles, privileges, lost = [] }: Grantee,
  expected: readonly string[],
  installed: readonly string[],
): CheckResult[] {
  const scope = createScope(config, installed);
  const subject = `account ${formatAccount(account)}`;
  const summary = `exactly the privileges of ${formatRoles(roles)}`;
  const needed = expected
    .filter((routine) => roles.some((role) => mayExecute(role, routine)))
    .map((routine) => ({
      routine,
      privilege: executePrivilege(config.database, withPrefix(config.names.prefix, routine)),
    }));
  const command = (text: string) => formatCommand(text, config.names.flags);
  const missing = needed
    .filter(({ privilege }) => !hasPrivilege(privileges, privilege, scope))
    .map(({ routine, privilege }): CheckResult => {
      const expected = formatPrivilege(privilege);
      if (lost.includes(withPrefix(config.names.prefix, routine))) {
        return compare(subject, expected, 'lost', command('migrate'));
      }
      const role = roles.find((one) => mayExecute(one, routine));
      const grant = command(`grant ${formatAccount(account)} --role ${role}`);
      const revoke = command(`revoke ${formatAccount(account)} --role ${role}`);
      // An application may leave the cleanup to a cleaner account or to the event.
      const isOptional = routine === 'sess_gc' && !roles.includes('cleaner');
      return isOptional
        ? note(
            subject,
            expected,
            'not granted: a cleaner account or the event must clean up',
            grant,
          )
        : { ...compare(subject, expected, 'not granted', grant), alternative: [revoke] };
    });
  const excess = privileges
    .filter((privilege) => isInScope(privilege, scope))
    .filter((privilege) => !needed.some((one) => isSamePrivilege(one.privilege, privilege)))
    .map((privilege) =>
      compare(subject, summary, formatPrivilege(privilege), revokeStatement(privilege, account)),
    );
  const differences = [...missing, ...excess];
  return differences.length > 0 ? differences : [compare(subject, summary, summary)];
}

/** Formats roles: `role cleaner`, `roles application and operator`. */
export function formatRoles(roles: readonly Role[]): string {
  return `${roles.length === 1 ? 'role' : 'roles'} ${roles.join(' and ')}`;
}
