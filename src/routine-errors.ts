import { type AttributeRole, attributeOf } from './attributes';
import { DatabaseError, InstallationError, RetryBudgetError, RoutineNotGrantedError } from './errors';
import { errno } from './servers';

/** What an account may have to be allowed to call a routine. */
export type Role = 'application' | 'cleaner' | 'operator' | AttributeRole;

/**
 * What a failed call of a routine means, with the remedy. An account that may see the database learns that a routine is
 * missing; one locked down to its grants is told the same of a routine that is missing as of one that it was not granted.
 *
 * @param role the one that the caller is to have
 */
export function explain(error: DatabaseError, routine: string, role: Role): Error {
  if (error instanceof RetryBudgetError) {
    return error;
  }
  const installing = `knex-mysql-session ${installerOf(role)}`;
  switch (error.errno) {
    case errno.noSuchRoutine:
    case errno.noSuchDefiner:
      return new InstallationError(`${error.message}: a DBA mends it with ${installing}`, { cause: error });
    case errno.databaseDenied:
    case errno.routineDenied:
      return new RoutineNotGrantedError(
        `${error.message}. Either ${routine} is not installed (${installing}), or the account lacks the ` +
          `role ${role} (knex-mysql-session grant ACCOUNT --role ${role}), which is this grant: ` +
          `GRANT EXECUTE ON PROCEDURE ${routine} TO ACCOUNT`,
        error,
        { cause: error },
      );
    case errno.parseError:
      return new InstallationError(`${misread(routine)}. It says: ${error.message}`, { cause: error });
    case errno.wrongValueForVariable:
      // Of a character set that it does not take, the server complains in that very character set.
      if (!/[a-z]/i.test(error.message)) {
        return new InstallationError(misread(routine), { cause: error });
      }
  }
  return new DatabaseError(`${routine}: ${error.message}`, error, { cause: error });
}

// Routines of an attribute come with it.
function installerOf(role: Role): string {
  const attribute = attributeOf(role);
  return attribute === undefined ? 'migrate' : `attribute add ${attribute}`;
}

function misread(routine: string): string {
  return `The server does not read a plain CALL of ${routine} over this connection: set its charset to 'utf8mb4'`;
}
