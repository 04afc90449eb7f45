import {
  attributeOf,
  isRole,
  mayExecute,
  type Role,
  routineNames,
  withPrefix,
} from '../../contract';
import { errno } from '../../database/error-codes';
import { DatabaseError } from '../../errors';
import { quoteIdentifier } from '../../util/identifiers';
import { formatCommand } from '../command';
import type { ConnectedConfig } from '../install-config';
import { readPrivileges } from '../privileges/privilege';
import { type Account, formatAccount, quoteAccount } from '../sql/account';
import { isOwnComment } from '../sql/names';
import { currentUser } from '../state/installed-account';
import { checkPrivileges, type Grantee } from './check-privileges';
import { type CheckResult, compare } from './check-result';

/**
 * Checks that the connection's account can call the routines of its roles, and do nothing else.
 * Its test calls change nothing.
 */
export async function checkAccount(
  config: ConnectedConfig,
  roles: readonly Role[],
): Promise<CheckResult[]> {
  const { connection } = config;
  const account = await currentUser(connection);
  const visible = await readVisibleRoutines(config);
  const routines = expectedRoutines(config, visible, roles);
  const grantee = { account, roles, privileges: await readPrivileges(connection) };
  return [
    ...checkPrivileges(config, grantee, routines, visible),
    ...checkVisibility(config, grantee, routines, visible),
    await checkCall(config, account, roles),
    await checkTableAccess(config, account),
  ];
}

// information_schema shows an account only the routines that it has privileges on.
async function readVisibleRoutines({ connection, names }: ConnectedConfig): Promise<string[]> {
  const rows = await connection.query(
    `SELECT routine_name, routine_comment FROM information_schema.routines
     WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE'`,
  );
  return rows.flatMap(([name, comment]) =>
    isOwnComment(names, String(comment)) ? [String(name)] : [],
  );
}

// This account can't read the migration log. Its roles and visible routines show the attributes.
function expectedRoutines(
  config: ConnectedConfig,
  visible: readonly string[],
  roles: readonly Role[],
): string[] {
  const attributeRoles = [
    ...visible.map((name) => name.slice(config.names.prefix.length)),
    ...roles,
  ].filter((name) => isRole(name) && attributeOf(name) !== undefined);
  return [...new Set([...routineNames, ...attributeRoles.map((role) => `sess_${role}`)])];
}

function checkVisibility(
  config: ConnectedConfig,
  { account, roles }: Grantee,
  routines: readonly string[],
  visible: readonly string[],
): CheckResult[] {
  return (
    routines
      .filter((routine) => roles.some((role) => mayExecute(role, routine)))
      .map((routine) => withPrefix(config.names.prefix, routine))
      // The cleanup is optional: checkPrivileges reports it.
      .filter((name) => !visible.includes(name) && name !== `${config.names.prefix}gc`)
      .map((name) =>
        compare(
          `routine ${name}`,
          `a routine that ${formatAccount(account)} can execute`,
          'missing or not granted',
          ...installCommands(config, account, roles),
        ),
      )
  );
}

// The call fails if the routine is missing, not granted, or its definer is missing.
async function checkCall(
  config: ConnectedConfig,
  account: Account,
  roles: readonly Role[],
): Promise<CheckResult> {
  const statement = `CALL ${quoteIdentifier(`${config.names.prefix}version`)}()`;
  return compare(
    `CALL ${config.names.prefix}version()`,
    success,
    await tryStatement(config, statement),
    ...installCommands(config, account, roles),
  );
}

async function checkTableAccess(config: ConnectedConfig, account: Account): Promise<CheckResult> {
  const { table } = config.names;
  const statement = `SELECT 1 FROM ${quoteIdentifier(table)} LIMIT 0`;
  return compare(
    statement,
    failure(errno.tableDenied),
    await tryStatement(config, statement),
    `REVOKE SELECT ON ${quoteIdentifier(config.database)}.${quoteIdentifier(table)} FROM ${quoteAccount(account)};`,
  );
}

function installCommands(
  { names }: ConnectedConfig,
  account: Account,
  roles: readonly Role[],
): string[] {
  return ['migrate', ...roles.map((role) => `grant ${formatAccount(account)} --role ${role}`)].map(
    (command) => formatCommand(command, names.flags),
  );
}

const success = 'succeeds';
const failure = (errorNumber: number): string => `fails with error ${errorNumber}`;

async function tryStatement({ connection }: ConnectedConfig, statement: string): Promise<string> {
  try {
    await connection.query(statement);
    return success;
  } catch (error) {
    if (error instanceof DatabaseError && error.errno !== undefined) {
      return failure(error.errno);
    }
    throw error;
  }
}
