import type { Role } from '../../contract';
import { type Account, definerAccount, formatAccount, quoteAccount } from '../sql/account';
import { deleteLogEntry } from '../sql/log-statements';
import { quoteIdentifier } from '../sql/names';
import { accountExists, currentUser } from '../state/installation';
import { grantFacts, recordedGrants } from '../state/migration-log';
import { checkPrivileges, formatRoles } from './check-privileges';
import { type CheckResult, compare } from './check-result';
import { type DoctorContext, installedRoutines, routineSteps } from './doctor-context';
import { readPrivileges } from './privilege';

/** Checks that each account with a role exists and has exactly the privileges of its roles. */
export async function checkGrants(context: DoctorContext): Promise<CheckResult[]> {
  const { config } = context;
  const expected = routineSteps(context.steps).map(({ name }) => name);
  const installed = installedRoutines(context);
  const results: CheckResult[] = [];
  for (const { account, roles } of loggedGrants(context)) {
    if (await accountExists(config.connection, account)) {
      const privileges = await readPrivileges(config.connection, account);
      const grantee = { account, roles, privileges };
      results.push(...checkPrivileges(config, grantee, expected, installed));
    } else {
      results.push(
        compare(
          `account ${formatAccount(account)}`,
          `an account with ${formatRoles(roles)}`,
          undefined,
          ...roles.map((role) => `${deleteLogEntry(config, grantFacts({ role, account }))};`),
        ),
      );
    }
  }
  return results;
}

/** Checks that no account without a role has privileges on the tables or the routines. */
export async function checkOtherAccounts(context: DoctorContext): Promise<CheckResult[]> {
  const { config, installed } = context;
  const { connection, names } = config;
  const routines = installedRoutines(context);
  const knownAccounts = [
    ...loggedGrants(context).map(({ account }) => account),
    ...installed.definers,
    definerAccount(config),
    await currentUser(connection),
  ].map(formatAccount);
  const rows = await connection.query(
    `SELECT user, host, 'PROCEDURE', routine_name, proc_priv
     FROM mysql.procs_priv WHERE db = DATABASE() AND routine_type = 'PROCEDURE'
     UNION ALL SELECT user, host, 'TABLE', table_name, CONCAT_WS(',', NULLIF(table_priv, ''), NULLIF(column_priv, ''))
     FROM mysql.tables_priv WHERE db = DATABASE() AND table_name IN (?, ?)`,
    [names.table, names.migrationLog],
  );
  const results = rows.flatMap(([user, host, kind, objectName, privileges]) => {
    const account = { user: String(user), host: String(host) };
    const name = String(objectName);
    const isOwn = kind === 'TABLE' || routines.includes(name);
    if (!isOwn || knownAccounts.includes(formatAccount(account))) {
      return [];
    }
    const on = `${kind === 'TABLE' ? '' : 'PROCEDURE '}${quoteIdentifier(config.database)}.${quoteIdentifier(name)}`;
    // A MariaDB role has no host.
    const grantee = account.host === '' ? quoteIdentifier(account.user) : quoteAccount(account);
    return [
      compare(
        `account ${formatAccount(account)}`,
        'no privileges, because knex-mysql-session grant gave it no role',
        `${privileges} ON ${on}`,
        `REVOKE ALL PRIVILEGES ON ${on} FROM ${grantee};`,
      ),
    ];
  });
  const expected = 'no privileges on the table or the routines';
  return results.length > 0 ? results : [compare('other accounts', expected, expected)];
}

function loggedGrants({ installed }: DoctorContext): Array<{ account: Account; roles: Role[] }> {
  const byAccount = new Map<string, { account: Account; roles: Role[] }>();
  for (const { account, role } of recordedGrants(installed.log)) {
    const name = formatAccount(account);
    const roles = byAccount.get(name)?.roles ?? [];
    byAccount.set(name, { account, roles: [...roles, role] });
  }
  return [...byAccount.values()];
}
