import { attributeOf, type Role } from '../contract';
import { errno } from '../database/error-codes';
import {
  DatabaseError,
  InstallationError,
  RetryBudgetError,
  RoutineNotGrantedError,
} from '../errors';
import { quoteForShell, quoteIdentifier } from '../util/identifiers';

/**
 * Explains why a call of a routine failed, and what to do. To an account without the grant, the
 * server says the same of a routine that is missing and of one that is not granted.
 *
 * @param routine its installed name
 * @param role a role that may execute it
 */
export function explainRoutineError(cause: DatabaseError, routine: string, role: Role): Error {
  if (cause instanceof RetryBudgetError) {
    return cause;
  }
  const { message } = cause;
  const { account, database } = partsOf(message, routine);
  const inDatabase = database === undefined ? '' : ` --database ${quoteForShell(database)}`;
  const command = (text: string) => `npx knex-mysql-session ${text}${inDatabase}`;
  const install = command(installCommand(role));
  switch (cause.errno) {
    case errno.noSuchRoutine:
    case errno.noSuchDefiner:
      return new InstallationError(`${message}. Ask a DBA to run: ${install}`, { cause });
    case errno.databaseDenied:
    case errno.routineDenied:
      return new RoutineNotGrantedError(
        `${message}. If ${routine} is not installed, ask a DBA to run: ${install}. If the account ` +
          `lacks the role ${role}: ${command(`grant ${account} --role ${role}`)}. For this ` +
          `routine alone: GRANT EXECUTE ON PROCEDURE ${qualify(routine, database)} TO ${account}`,
        cause,
        { cause },
      );
    case errno.parseError:
      return new InstallationError(`${misread(routine)}. The server says: ${message}`, { cause });
    case errno.wrongValueForVariable:
      // The server writes the message in the charset that it refuses, so no letter is readable.
      if (!/[a-z]/i.test(message)) {
        return new InstallationError(misread(routine), { cause });
      }
  }
  return new DatabaseError(`${routine}: ${message}`, cause, { cause });
}

/** Reads the account and the database from a refusal of the server, as far as they are there. */
function partsOf(message: string, routine: string): { account: string; database?: string } {
  const [, account = 'ACCOUNT', object] =
    /('[^']+'@'[^']*') (?:to database|for routine) '(.+)'/.exec(message) ?? [];
  const [, missing] = / (\S+) does not exist$/.exec(message) ?? [];
  const name = object ?? missing;
  const ending = `.${unqualified(routine)}`;
  const database = name?.endsWith(ending) ? name.slice(0, -ending.length) : object;
  return database === undefined ? { account } : { account, database };
}

function qualify(routine: string, database: string | undefined): string {
  const name = unqualified(routine);
  return database === undefined ? routine : `${quoteIdentifier(database)}.${name}`;
}

// With the option `schema`, the name of the database comes first.
function unqualified(routine: string): string {
  return routine.slice(routine.lastIndexOf('.') + 1);
}

// The routines of an attribute are installed with it.
function installCommand(role: Role): string {
  const attribute = attributeOf(role);
  return attribute === undefined ? 'migrate' : `attribute add ${attribute} --path … --type …`;
}

function misread(routine: string): string {
  return (
    `The server does not read a plain CALL of ${routine} over this connection: ` +
    "set its charset to 'utf8mb4'"
  );
}
