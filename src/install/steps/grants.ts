import {
  attributeOf,
  attributeRoles,
  fixedRoles,
  isRole,
  mayExecute,
  type Role,
  routineNames,
  withPrefix,
} from '../../contract';
import { ArgumentError } from '../../errors';
import { describe } from '../../util/describe';
import { sha256 } from '../../util/sha256';
import type { ObjectNames } from '../install-config';
import { type Account, quoteAccount } from '../sql/account';
import { quoteIdentifier } from '../sql/names';
import { grantFacts, type RoleGrant } from '../state/migration-log';
import type { DesiredState } from './desired-state';
import { createStep, type Step } from './step';

/** All roles, as help texts and errors list them. */
export const roleList = `${fixedRoles.join(', ')}, find_ATTRIBUTE, destroy_ATTRIBUTE`;

/** @throws {ArgumentError} if the value is no role */
export function parseRole(value: unknown): Role {
  if (!isRole(value)) {
    throw new ArgumentError('role', `one of ${roleList}`, describe(value));
  }
  return value;
}

/** Returns the default names of the routines that a role may execute. */
export function routinesOfRole(role: Role, attributes: readonly string[]): string[] {
  const known = [
    ...attributes.flatMap(attributeRoles).map((attributeRole) => `sess_${attributeRole}`),
    ...routineNames,
  ];
  return known.filter((routine) => mayExecute(role, routine));
}

/** Returns the statements that grant a role to an account. */
export function grantStatements(
  names: ObjectNames,
  role: Role,
  attributes: readonly string[],
  account: Account,
): string[] {
  return routinesOfRole(role, attributes).map(
    (routine) =>
      `GRANT EXECUTE ON PROCEDURE ${quoteIdentifier(withPrefix(names.prefix, routine))} ` +
      `TO ${quoteAccount(account)}`,
  );
}

/** Returns the step that grants a role. To revert it, drop the routines: their grants go too. */
export function grantStep({ names, attributes }: DesiredState, grant: RoleGrant): Step {
  const { role, account } = grant;
  const attribute = attributeOf(role);
  const own = grantStatements(names, role, attribute ? [attribute] : [], account);
  return createStep(grantFacts(grant), {
    // It leaves out the attributes of others: their routines bring their grants themselves.
    checksum: sha256(own.join(';')),
    up: grantStatements(
      names,
      role,
      attributes.map(({ name }) => name),
      account,
    ),
  });
}
