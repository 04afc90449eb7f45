import { mayExecute, type Role, withPrefix } from '../../contract';
import type { InstallConfig } from '../install-config';
import { type Account, formatAccount } from '../sql/account';
import { type CheckResult, compare, note } from './check-result';
import {
  executePrivilege,
  formatPrivilege,
  grantStatement,
  isSamePrivilege,
  type Privilege,
  revokeStatement,
} from './privilege';
import { createScope, hasPrivilege, isInScope } from './scope';

/** An account with its roles, and the privileges that it has on the server. */
export interface Grantee {
  readonly account: Account;
  readonly roles: readonly Role[];
  readonly privileges: readonly Privilege[];
}

/**
 * Checks that an account has exactly the privileges of its roles. Other objects do not count.
 *
 * @param expected the default names of all routines that should exist
 * @param installed the names of the routines that exist
 */
export function checkPrivileges(
  config: InstallConfig,
  { account, roles, privileges }: Grantee,
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
  const missing = needed
    .filter(({ privilege }) => !hasPrivilege(privileges, privilege, scope))
    .map(({ routine, privilege }) => {
      // An application may leave the cleanup to a cleaner account or to the event.
      const isOptional = routine === 'sess_gc' && !roles.includes('cleaner');
      return isOptional
        ? note(
            subject,
            formatPrivilege(privilege),
            'not granted: a cleaner account or the event must clean up',
            grantStatement(privilege, account),
          )
        : compare(
            subject,
            formatPrivilege(privilege),
            'not granted',
            grantStatement(privilege, account),
          );
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
