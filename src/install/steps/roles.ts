import {
  attributeActions,
  attributeRoles,
  fixedRoles,
  isRole,
  mayExecute,
  type Role,
  routineNames,
} from '../../contract';
import { ArgumentError } from '../../errors';
import { describe } from '../../util/describe';

/** All roles, as help texts and errors list them. */
export const roleList = [
  ...fixedRoles,
  ...attributeActions.map((action) => `${action}_ATTRIBUTE`),
].join(', ');

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
