import { DatabaseError } from '../../errors';
import { errno } from '../../servers';
import { type Account, formatAccount, quoteAccount } from '../account';
import { currentUser, isManualOf } from '../inspect';
import { quoteIdentifier } from '../names';
import { type Role, roleExecutes } from '../roles';
import { routineName } from '../steps';
import { compare, type Observation, type Patient } from './check';
import { examineRights } from './grants';
import { premisesOf, rightsOf } from './rights';

type Visitor = Pick<Patient, 'target' | 'steps'>;

/**
 * The account of the connection, as one that has these roles and nothing else: that it can call what it
 * needs and can do nothing more. It is tried with what changes nothing.
 */
export async function examineAccount(visitor: Visitor, roles: readonly Role[]): Promise<Observation[]> {
  const { connection } = visitor.target;
  const account = await currentUser(connection);
  const visible = await visibleRoutines(visitor.target);
  const premises = premisesOf(visitor.target, visible);
  return [
    ...examineRights(visitor, premises, account, roles, await rightsOf(connection)),
    ...examineRoutines(visitor, visible, account, roles),
    await examineCall(visitor, account, roles),
    await examineTable(visitor, account),
  ];
}

// To an account with nothing but its grants, the catalogue shows the routines that these are for.
async function visibleRoutines({ connection, names }: Visitor['target']): Promise<string[]> {
  const rows = await connection.query(
    `SELECT routine_name, routine_comment FROM information_schema.routines
     WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE'`,
  );
  return rows.flatMap(([name, manual]) => (isManualOf(names, String(manual)) ? [String(name)] : []));
}

function examineRoutines(
  { target, steps }: Visitor,
  visible: readonly string[],
  account: Account,
  roles: readonly Role[],
): Observation[] {
  return steps
    .filter(
      ({ kind, name }) => kind === 'routine' && roles.some((role) => roleExecutes(role, routineOf(name))),
    )
    .map((step) => routineName(target, step))
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

function routineOf(stepName: string): string {
  return stepName.replace('routines/', '');
}

// It answers only if the routine is there, the account may call it, and its definer is what it should be.
async function examineCall(
  { target }: Visitor,
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

async function examineTable({ target }: Visitor, account: Account): Promise<Observation> {
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

async function refusalOf({ connection }: Visitor['target'], statement: string): Promise<string | undefined> {
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
