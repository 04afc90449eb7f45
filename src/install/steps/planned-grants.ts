import { fixedRoles, type Role, withPrefix } from '../../contract';
import type { InstallConfig } from '../install-config';
import { isSameAccount } from '../sql/account';
import { findOwnRoutine, type Installation } from '../state/installation';
import { recordedAttributes } from '../state/installation-record';
import {
  interruptedGrantees,
  type RecordedGrant,
  type RoleGrant,
  recordedCreation,
} from '../state/migration-log';
import { type AccountRights, mayCall } from '../state/routine-rights';
import { routinesOfRole } from './roles';

/** A recorded role, and what its account may not execute of it. */
export interface PlannedGrant extends RecordedGrant {
  /** Routines that were created again, or all if the account was: it gets them again. */
  readonly lost: readonly string[];
  /** Routines that a DBA revoked. They stay revoked. */
  readonly revoked: readonly string[];
}

/** Compares each recorded role with what its account may execute. */
export function planGrants(config: InstallConfig, installed: Installation): PlannedGrant[] {
  return installed.grants.map((grant) => {
    const missing = findMissing(config, installed, grant);
    const lost = missing.filter(
      (name) => grant.isNewAccount || wasCreatedAgain(config, installed, name),
    );
    const toNames = (names: readonly string[]) =>
      names.map((name) => withPrefix(config.names.prefix, name));
    return {
      ...grant,
      lost: toNames(lost),
      revoked: toNames(missing.filter((name) => !lost.includes(name))),
    };
  });
}

/** Returns the default names of the routines that exist, and that a role lacks. */
function findMissing(
  config: InstallConfig,
  installed: Installation,
  { role, account }: RoleGrant,
): string[] {
  const attributes = recordedAttributes(installed.log).map(({ name }) => name);
  return routinesOfRole(role, attributes).filter(
    (name) =>
      isInstalled(config, installed, name) &&
      !mayCall(rightsOf(installed), account, withPrefix(config.names.prefix, name)),
  );
}

/** Returns whether a routine exists, or did until a run that was interrupted dropped it. */
function isInstalled({ names }: InstallConfig, installed: Installation, name: string): boolean {
  return (
    findOwnRoutine(installed, withPrefix(names.prefix, name)) !== undefined ||
    interruptedGrantees(installed.log, name) !== undefined
  );
}

function rightsOf({ rights, interruptedRights }: Installation): AccountRights[] {
  return [...rights, ...interruptedRights];
}

// A DBA's REVOKE does not change the routine. A restore creates it, and its grants are gone.
function wasCreatedAgain({ names }: InstallConfig, installed: Installation, name: string): boolean {
  // The log says who had the grants.
  if (interruptedGrantees(installed.log, name) !== undefined) return false;
  const routine = findOwnRoutine(installed, withPrefix(names.prefix, name));
  return routine?.created !== recordedCreation(installed.log, name);
}

/**
 * Returns the roles that accounts have without a record: they may execute everything that is
 * installed of a role. So they also get the routines that an upgrade adds to it.
 */
export function inferGrants(config: InstallConfig, installed: Installation): RoleGrant[] {
  return (
    installed.rights
      // The server gives these rights to an account that creates a routine.
      .filter(({ mayAlter }) => !mayAlter)
      .flatMap((rights) => inferRoles(config, installed, rights))
      .filter(({ account }) => !installed.grants.some((one) => isSameAccount(one.account, account)))
  );
}

function inferRoles(
  config: InstallConfig,
  installed: Installation,
  { account }: AccountRights,
): RoleGrant[] {
  const has = (role: Role) => {
    const routines = routinesOfRole(role, [])
      // An application may leave the cleanup to others.
      .filter((name) => role === 'cleaner' || name !== 'sess_gc')
      .filter((name) => isInstalled(config, installed, name))
      .map((name) => withPrefix(config.names.prefix, name));
    return (
      routines.length > 0 &&
      routines.every((routine) => mayCall(rightsOf(installed), account, routine))
    );
  };
  const roles = fixedRoles.filter(has);
  // An application may execute all that a cleaner may.
  return roles
    .filter((role) => role !== 'cleaner' || !roles.includes('application'))
    .map((role) => ({ role, account }));
}
