import { ArgumentError, describe } from '../errors';
import { readSqlFile } from './sql-files';

/** Who may execute which routines: `sql/grants/` has a file for each. */
export const roles = ['application', 'cleaner', 'operator'] as const;

export type Role = (typeof roles)[number];

export function parseRole(value: unknown): Role {
  const role = roles.find((known) => known === value);
  if (role === undefined) {
    throw new ArgumentError('role', `one of ${roles.join(', ')}`, describe(value));
  }
  return role;
}

/** The text of the role's grants, with the default names. */
export function grantsOf(role: Role): string {
  return readSqlFile(`sql/grants/${role}.sql`).text;
}

/** Whether the role may execute the routine of this default name, such as `sess_get`. */
export function roleExecutes(role: Role, routine: string): boolean {
  return grantsOf(role).includes(`PROCEDURE \`${routine}\` TO`);
}
