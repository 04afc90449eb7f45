import { quoteIdentifier } from '../../util/identifiers';
import type { InstallConfig } from '../install-config';
import {
  executePrivilege,
  formatPrivilege,
  isSameObject,
  type Privilege,
} from '../privileges/privilege';
import { createScope, hasPrivilege } from '../privileges/scope';
import { definerAccount, isSameAccount } from '../sql/account';
import { findOwnRoutines, type Installation } from '../state/installation';
import type { InstalledRoutine } from '../state/installed-routine';

/** Returns what the definer of the installer has differently from what it should have. */
export function compareDefiner(config: InstallConfig, installed: Installation): string[] {
  const { definer } = installed;
  if (definer === undefined) {
    return ['missing'];
  }
  return [
    ...(definer.isLocked ? [] : ['not locked']),
    ...(definer.canLogIn ? ['with a password'] : []),
    ...missingPrivileges(config, installed).map((privilege) => `no ${formatPrivilege(privilege)}`),
  ];
}

/** Returns the privileges that the definer needs for the table and the installed routines. */
export function neededPrivileges(config: InstallConfig, installed: Installation): Privilege[] {
  const { database, names } = config;
  const on = `${quoteIdentifier(database)}.${quoteIdentifier(names.table)}`;
  return [
    ...['SELECT', 'INSERT', 'UPDATE', 'DELETE'].map((name) => ({ name, on })),
    ...findOwnRoutines(installed).map((routine) => executePrivilege(database, routine)),
  ];
}

// On some servers a routine can't use privileges that its definer has through a role.
function missingPrivileges(config: InstallConfig, installed: Installation): Privilege[] {
  const scope = createScope(config, findOwnRoutines(installed));
  const privileges = installed.definer?.privileges.filter(({ role }) => role === undefined) ?? [];
  return neededPrivileges(config, installed).filter(
    (needed) => !hasPrivilege(privileges, needed, scope),
  );
}

/** Returns the routines that the definer may not execute. */
export function findRoutinesWithoutDefiner(
  config: InstallConfig,
  installed: Installation,
): string[] {
  const missing = missingPrivileges(config, installed);
  return findOwnRoutines(installed).filter((routine) => {
    const { on } = executePrivilege(config.database, routine);
    return missing.some((privilege) => isSameObject(privilege.on, on));
  });
}

/** Returns whether a routine runs as the account that it should run as. */
export function isDefinerOf(
  config: InstallConfig,
  { otherDefiners }: Installation,
  { definer }: Pick<InstalledRoutine, 'definer'>,
): boolean {
  return config.currentDefiner
    ? otherDefiners.some((account) => isSameAccount(account, definer))
    : isSameAccount(definer, definerAccount(config));
}
