import { attributeOf } from '../../attributes';
import { DatabaseError } from '../../errors';
import { errno } from '../../servers';
import { type Account, formatAccount, quoteAccount } from '../account';
import { currentUser, isManualOf } from '../inspect';
import { quoteIdentifier } from '../names';
import { isRole, type Role, roleExecutes } from '../roles';
import { prefixed, routineOf, stepsOf } from '../steps';
import type { ConnectedTarget } from '../target';
import { compare, type Observation } from './check';
import { examineRights } from './grants';
import { premisesOf, rightsOf } from './rights';

/**
 * The account of the connection, as one that has these roles and nothing else: that it can call what it
 * needs and can do nothing more. It is tried with what changes nothing.
 */
export async function examineAccount(
  target: ConnectedTarget,
  roles: readonly Role[],
): Promise<Observation[]> {
  const { connection } = target;
  const account = await currentUser(connection);
  const visible = await visibleRoutines(target);
  const known = knownRoutines(target, visible, roles);
  const premises = premisesOf(target, visible);
  return [
    ...examineRights(target, known, premises, account, roles, await rightsOf(connection)),
    ...examineRoutines(target, known, visible, account, roles),
    await examineCall(target, account, roles),
    await examineTable(target, account),
  ];
}

// Which attributes there are, such an account learns from what it may see alone, and from the roles asked for.
function knownRoutines(
  target: ConnectedTarget,
  visible: readonly string[],
  roles: readonly Role[],
): string[] {
  const attributes = [...visible.map((name) => name.slice(target.names.prefix.length)), ...roles].filter(
    (name) => isRole(name) && attributeOf(name) !== undefined,
  );
  const steps = stepsOf(target, []).filter(({ kind }) => kind === 'routine');
  return [...new Set([...steps.map(routineOf), ...attributes.map((name) => `sess_${name}`)])];
}

// To an account with nothing but its grants, the catalogue shows the routines that these are for.
async function visibleRoutines({ connection, names }: ConnectedTarget): Promise<string[]> {
  const rows = await connection.query(
    `SELECT routine_name, routine_comment FROM information_schema.routines
     WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE'`,
  );
  return rows.flatMap(([name, manual]) => (isManualOf(names, String(manual)) ? [String(name)] : []));
}

function examineRoutines(
  target: ConnectedTarget,
  known: readonly string[],
  visible: readonly string[],
  account: Account,
  roles: readonly Role[],
): Observation[] {
  return known
    .filter((routine) => roles.some((role) => roleExecutes(role, routine)))
    .map((routine) => prefixed(target, routine))
    .filter((name) => !visible.includes(name) && name !== `${target.names.prefix}gc`)
    .map((name) =>
      compare(
        `routine ${name}`,
        `one that ${formatAccount(account)} can see`,
        undefined,
        'knex-mysql-session migrate',
        ...roles.map((role) => `knex-mysql-session grant ${formatAccount(account)} --role ${role}`),
      ),
    );
}

// It answers only if the routine is there, the account may call it, and its definer is what it should be.
async function examineCall(
  target: ConnectedTarget,
  account: Account,
  roles: readonly Role[],
): Promise<Observation> {
  const name = `${target.names.prefix}version`;
  const answered = 'an answer';
  return compare(
    `CALL ${name}()`,
    answered,
    (await refusalOf(target, `CALL ${quoteIdentifier(name)}()`)) ?? answered,
    'knex-mysql-session migrate',
    ...roles.map((role) => `knex-mysql-session grant ${formatAccount(account)} --role ${role}`),
  );
}

async function examineTable(target: ConnectedTarget, account: Account): Promise<Observation> {
  const { table } = target.names;
  const statement = `SELECT 1 FROM ${quoteIdentifier(table)} LIMIT 0`;
  const denied = `refused with error ${errno.tableDenied}`;
  return compare(
    statement,
    denied,
    (await refusalOf(target, statement)) ?? 'done',
    `REVOKE SELECT ON ${quoteIdentifier(target.database)}.${quoteIdentifier(table)} FROM ${quoteAccount(account)};`,
  );
}

async function refusalOf({ connection }: ConnectedTarget, statement: string): Promise<string | undefined> {
  try {
    await connection.query(statement);
    return undefined;
  } catch (error) {
    if (error instanceof DatabaseError && error.errno !== undefined) {
      return `refused with error ${error.errno}`;
    }
    throw error;
  }
}
