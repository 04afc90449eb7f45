import { type Role, withPrefix } from '../../contract';
import { quoteIdentifier } from '../../util/identifiers';
import { sha256 } from '../../util/sha256';
import type { InstallConfig } from '../install-config';
import { type Account, isSameAccount, quoteAccount } from '../sql/account';
import { hasRoutineRight, runIf } from '../sql/conditional';
import { insertRemoval } from '../sql/log-statements';
import type { Installation } from '../state/installation';
import { recordedAttributes } from '../state/installation-record';
import { grantFacts, type RecordedGrant, recordedGrants } from '../state/migration-log';
import { mayCall } from '../state/routine-rights';
import type { DesiredState } from './desired-state';
import type { PlannedGrant } from './planned-grants';
import { routinesOfRole } from './roles';
import { createRemoval, createStep, type Step } from './step';

/**
 * Every right on a routine. In MariaDB, ALL PRIVILEGES includes SHOW CREATE ROUTINE since 11.3. The
 * installer lacks that right. MySQL refuses a list with a right that the account does not have.
 */
const everyPrivilege = {
  mariadb: 'EXECUTE, ALTER ROUTINE, GRANT OPTION',
  mysql: 'ALL PRIVILEGES',
} as const;

/** Returns the step that grants all of a role. Dropped routines lose their grants themselves. */
export function grantStep(
  { names, attributes }: Pick<DesiredState, 'names' | 'attributes'>,
  grant: RecordedGrant,
): Step {
  const known = attributes.map(({ name }) => name);
  const routines = routinesOfRole(grant.role, known).map((name) => withPrefix(names.prefix, name));
  return createGrantStep(grant, routines);
}

/** Returns the step that grants again what an account lost with a routine, or with itself. */
export function regrantStep(grant: PlannedGrant): Step {
  return createGrantStep(grant, grant.lost);
}

function createGrantStep(grant: RecordedGrant, routines: readonly string[]): Step {
  const facts = grantFacts(grant);
  const up = routines.map((routine) => grantStatement(routine, grant.account));
  // Of the role, because a repair grants a part of it.
  return createStep(facts, { checksum: sha256(facts.name), up });
}

export function grantStatement(routine: string, account: Account): string {
  return `GRANT EXECUTE ON PROCEDURE ${quoteIdentifier(routine)} TO ${quoteAccount(account)}`;
}

/**
 * Returns the step that revokes a role from an account, or without a role everything. What another
 * role of the account includes stays.
 */
export function revokeStep(
  config: InstallConfig,
  { log, rights, routines }: Installation,
  account: Account,
  role?: Role,
): Step {
  const recorded = recordedGrants(log).filter((grant) => isSameAccount(grant.account, account));
  const ended = recorded.filter((grant) => role === undefined || grant.role === role);
  const kept = recorded.filter((grant) => !ended.includes(grant));
  const attributes = recordedAttributes(log).map(({ name }) => name);
  const namesOf = (some: Role) =>
    routinesOfRole(some, attributes).map((name) => withPrefix(config.names.prefix, name));
  const keptRoutines = kept.flatMap((grant) => namesOf(grant.role));
  const endedRoutines = role === undefined ? routines.map(({ name }) => name) : namesOf(role);
  const revoked = endedRoutines.filter(
    (routine) => !keptRoutines.includes(routine) && mayCall(rights, account, routine),
  );
  const removal = grantFacts({ role: role ?? 'all', account });
  const server = config.capabilities.readsMariaDbComments ? 'mariadb' : 'mysql';
  const privilege = role === undefined ? everyPrivilege[server] : 'EXECUTE';
  const isNeeded = revoked.length > 0 || ended.length > 0;
  return createRemoval(removal, [
    ...revoked.flatMap((routine) => revokeStatements(privilege, routine, account)),
    ...ended.map((grant) => insertRemoval(config, grantFacts(grant))),
    // The log is an audit. It also has a revoke of rights that a DBA granted.
    ...(isNeeded && ended.length === 0 ? [insertRemoval(config, removal)] : []),
  ]);
}

/** Returns the statements that revoke a right on a routine, if the account still has one. */
export function revokeStatements(privilege: string, routine: string, account: Account): string[] {
  return runIf(
    hasRoutineRight(account, routine),
    `REVOKE ${privilege} ON PROCEDURE ${quoteIdentifier(routine)} FROM ${quoteAccount(account)}`,
  );
}
