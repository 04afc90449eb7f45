import { type Account, formatAccount, parseAccount, quoteAccount } from '../account';
import { accountExists, currentUser } from '../inspect';
import { forgetStatement } from '../log-statements';
import { quoteIdentifier } from '../names';
import { type Role, roleExecutes } from '../roles';
import { definerOf, grantOfStepName, prefixed, routineOf } from '../steps';
import type { Target } from '../target';
import { compare, note, type Observation, type Patient, routinesOf } from './check';
import {
  execution,
  formatRight,
  grantStatement,
  holds,
  isSame,
  type Premises,
  premisesOf,
  type Right,
  reaches,
  revokeStatement,
  rightsOf,
} from './rights';

/** The accounts that were given roles: that they are there, and may do what these give and nothing more. */
export async function examineGrants(patient: Patient): Promise<Observation[]> {
  const { target } = patient;
  const premises = premisesOf(target, routinesOf(patient));
  const known = patient.steps.filter(({ kind }) => kind === 'routine').map(routineOf);
  const observations: Observation[] = [];
  for (const { account, roles } of recordedIn(patient)) {
    if (await accountExists(target.connection, account)) {
      const rights = await rightsOf(target.connection, account);
      observations.push(...examineRights(target, known, premises, account, roles, rights));
    } else {
      observations.push(
        compare(
          `account ${formatAccount(account)}`,
          `an account with the role ${roles.join(' and ')}`,
          undefined,
          ...roles.map((role) => `${forgetStatement(target, `grants/${role}/${formatAccount(account)}`)};`),
        ),
      );
    }
  }
  return observations;
}

/**
 * Whether an account holds exactly what its roles give, as far as the sessions are concerned.
 *
 * @param known the routines that there are to be, by their default names
 */
export function examineRights(
  target: Target,
  known: readonly string[],
  premises: Premises,
  account: Account,
  roles: readonly Role[],
  rights: readonly Right[],
): Observation[] {
  const { database } = target;
  const subject = `account ${formatAccount(account)}`;
  const expected = `what the role ${roles.join(' and ')} gives`;
  const routines = known
    .filter((routine) => roles.some((role) => roleExecutes(role, routine)))
    .map((routine) => ({ routine, right: execution(database, prefixed(target, routine)) }));
  const missing = routines
    .filter(({ right }) => !holds(rights, right, premises))
    .map(({ routine, right }) => {
      const remedy = grantStatement(right, account);
      // An application may leave the cleanup to others.
      return routine === 'sess_gc' && !roles.includes('cleaner')
        ? note(subject, formatRight(right), 'not granted: something else has to clean up', remedy)
        : compare(subject, formatRight(right), undefined, remedy);
    });
  const beyond = rights
    .filter((held) => reaches(held, premises))
    .filter((held) => !routines.some(({ right }) => isSame(right, held)))
    .map((right) => compare(subject, expected, formatRight(right), revokeStatement(right, account)));
  const differences = [...missing, ...beyond];
  return differences.length > 0 ? differences : [compare(subject, expected, expected)];
}

/** Accounts that reach the table or a routine, and were given no role for it. */
export async function examineOtherAccounts(patient: Patient): Promise<Observation[]> {
  const { target, installed } = patient;
  const { connection, names } = target;
  const own = routinesOf(patient);
  const known = [
    ...recordedIn(patient).map(({ account }) => account),
    ...installed.definers,
    definerOf(target),
    await currentUser(connection),
  ].map(formatAccount);
  const rows = await connection.query(
    `SELECT user, host, 'PROCEDURE', routine_name, proc_priv
     FROM mysql.procs_priv WHERE db = DATABASE() AND routine_type = 'PROCEDURE'
     UNION ALL SELECT user, host, 'TABLE', table_name, CONCAT_WS(',', NULLIF(table_priv, ''), NULLIF(column_priv, ''))
     FROM mysql.tables_priv WHERE db = DATABASE() AND table_name IN (?, ?)`,
    [names.table, names.migrationLog],
  );
  const observations = rows.flatMap(([user, host, kind, object, privileges]) => {
    const account = { user: String(user), host: String(host) };
    const name = String(object);
    const ours = kind === 'TABLE' || own.includes(name);
    if (!ours || known.includes(formatAccount(account))) {
      return [];
    }
    const on = `${kind === 'TABLE' ? '' : 'PROCEDURE '}${quoteIdentifier(target.database)}.${quoteIdentifier(name)}`;
    // A role of MariaDB has no host.
    const grantee = account.host === '' ? quoteIdentifier(account.user) : quoteAccount(account);
    return [
      compare(
        `account ${formatAccount(account)}`,
        'nothing, for it was given no role with knex-mysql-session grant',
        `${privileges} ON ${on}`,
        `REVOKE ALL PRIVILEGES ON ${on} FROM ${grantee};`,
      ),
    ];
  });
  const expected = 'none that reaches the table or a routine';
  return observations.length > 0 ? observations : [compare('other accounts', expected, expected)];
}

function recordedIn({ installed }: Patient): Array<{ account: Account; roles: Role[] }> {
  const byAccount = new Map<string, Role[]>();
  for (const recorded of [...(installed.log?.keys() ?? [])].map(grantOfStepName)) {
    if (recorded) {
      byAccount.set(recorded.account, [...(byAccount.get(recorded.account) ?? []), recorded.role]);
    }
  }
  return [...byAccount].map(([account, roles]) => ({ account: parseAccount(account), roles }));
}
