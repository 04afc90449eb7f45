import { type AttributeRole, attributeOf } from '../attributes';
import { ArgumentError, describe } from '../errors';
import type { Account } from './account';
import type { Attribute } from './attributes/attribute';
import { type Rendering, readSqlFile, render, statementsOf } from './sql-files';

/** Who may execute which routines: `sql/grants/` has a file for each. */
export const roles = ['application', 'cleaner', 'operator'] as const;

export type Role = (typeof roles)[number] | AttributeRole;

/** What a role may be, for whoever has to choose one. */
export const roleNames = `${roles.join(', ')}, find_ATTRIBUTE, destroy_ATTRIBUTE`;

/** What can be done by an attribute. `sql/templates/` has a routine for each. */
export const acts = ['find', 'destroy'] as const;

export function parseRole(value: unknown): Role {
  if (!isRole(value)) {
    throw new ArgumentError('role', `one of ${roleNames}`, describe(value));
  }
  return value;
}

export function isRole(value: unknown): value is Role {
  return (
    typeof value === 'string' && (roles.some((role) => role === value) || attributeOf(value) !== undefined)
  );
}

/** The roles that an attribute comes with, one for each of its routines. */
export function rolesOf(attribute: string): AttributeRole[] {
  return acts.map((act): AttributeRole => `${act}_${attribute}`);
}

/** The statements that give an account a role. */
export function grantStatements(target: Rendering, role: Role, account: Account): string[] {
  return statementsOf(render(textOf(role), { ...target, account, attribute: attributeOf(role) }));
}

/** The roles that come with a role: an operator may use every attribute. */
export function impliedRoles(role: Role, attributes: readonly Attribute[]): AttributeRole[] {
  return role === 'operator' ? attributes.flatMap(({ name }) => rolesOf(name)) : [];
}

/** Whether the role may execute the routine of this default name, such as `sess_get`. */
export function roleExecutes(role: Role, routine: string): boolean {
  const own = routine.replace('sess_', '');
  if (attributeOf(own) !== undefined) {
    return role === 'operator' || role === own;
  }
  return textOf(role).includes(`PROCEDURE \`${routine}\` TO`);
}

function textOf(role: Role): string {
  const file = acts.find((act) => role.startsWith(`${act}_`)) ?? role;
  return readSqlFile(`sql/grants/${file}.sql`).text;
}
