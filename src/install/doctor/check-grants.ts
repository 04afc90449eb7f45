import type { Role } from '../../contract';
import { formatCommand } from '../command';
import { readPrivileges } from '../privileges/privilege';
import { type Account, definerAccount, formatAccount, quoteAccount } from '../sql/account';
import { quoteIdentifier } from '../sql/names';
import { findDefiners, findOwnRoutines } from '../state/installation';
import { accountExists } from '../state/installed-account';
import { recordedGrants } from '../state/migration-log';
import { checkPrivileges, formatRoles } from './check-privileges';
import { type CheckResult, compare } from './check-result';
import { type DoctorContext, migrateCommand } from './doctor-context';

/** Checks that each account with a role exists and has exactly the privileges of its roles. */
export async function checkGrants(context: DoctorContext): Promise<CheckResult[]> {
  const { config, installed } = context;
  const expected = context.steps.filter(({ kind }) => kind === 'routine').map(({ name }) => name);
  const results: CheckResult[] = [];
  for (const { account, roles } of recordedRoles(context)) {
    if (await accountExists(config.connection, account)) {
      const privileges = await readPrivileges(config.connection, account);
      const lost = config.grants
        .filter((grant) => formatAccount(grant.account) === formatAccount(account))
        .flatMap((grant) => grant.lost);
      results.push(
        ...checkPrivileges(
          config,
          { account, roles, privileges, lost },
          expected,
          findOwnRoutines(installed),
        ),
      );
    } else {
      results.push(missingAccount(context, account, roles));
    }
  }
  return results;
}

function missingAccount(
  context: DoctorContext,
  account: Account,
  roles: readonly Role[],
): CheckResult {
  const name = formatAccount(account);
  return {
    ...compare(
      `account ${name}`,
      `an account with ${formatRoles(roles)}`,
      undefined,
      formatCommand(`revoke ${name}`, context.config.names.flags),
    ),
    alternative: [
      `CREATE USER ${name} IDENTIFIED BY 'a secret password';`,
      migrateCommand(context),
    ],
  };
}

/** Checks that no account without a role has privileges on the tables or the routines. */
export async function checkOtherAccounts(context: DoctorContext): Promise<CheckResult[]> {
  const others = [...(await checkTableRights(context)), ...checkRoutineRights(context)];
  const expected = 'no privileges on the table or the routines';
  return others.length > 0 ? others : [compare('other accounts', expected, expected)];
}

const noRole = 'no privileges, because knex-mysql-session grant gave it no role';

async function checkTableRights(context: DoctorContext): Promise<CheckResult[]> {
  const { config } = context;
  const known = knownAccounts(context);
  const rows = await config.connection.query(
    `SELECT user, host, table_name,
       CONCAT_WS(',', NULLIF(table_priv, ''), NULLIF(column_priv, ''))
     FROM mysql.tables_priv WHERE db = DATABASE() AND table_name IN (?, ?)`,
    [config.names.table, config.names.migrationLog],
  );
  return rows.flatMap(([user, host, table, privileges]) => {
    const account = { user: String(user), host: String(host) };
    if (known.includes(formatAccount(account))) {
      return [];
    }
    const on = `${quoteIdentifier(config.database)}.${quoteIdentifier(String(table))}`;
    return [
      compare(
        `account ${formatAccount(account)}`,
        noRole,
        `${privileges} ON ${on}`,
        `REVOKE ALL PRIVILEGES ON ${on} FROM ${quoteAccount(account)};`,
      ),
    ];
  });
}

// A DBA may have granted them by hand, and an application may use them. So it may become a role.
function checkRoutineRights(context: DoctorContext): CheckResult[] {
  const { config } = context;
  const known = knownAccounts(context);
  return config.rights
    .filter(({ account }) => !known.includes(formatAccount(account)))
    .map(({ account, routines }) => {
      const name = formatAccount(account);
      const roles = config.inferredGrants
        .filter((grant) => formatAccount(grant.account) === name)
        .map(({ role }) => role);
      const command = (text: string) => formatCommand(text, config.names.flags);
      const revoke = command(`revoke ${name}`);
      const grants = roles.map((role) => command(`grant ${name} --role ${role}`));
      const result = compare(
        `account ${name}`,
        noRole,
        `EXECUTE ON ${routines.length === 1 ? routines[0] : `${routines.length} routines`}`,
        ...(grants.length > 0 ? grants : [revoke]),
      );
      return grants.length > 0 ? { ...result, alternative: [revoke] } : result;
    });
}

function knownAccounts(context: DoctorContext): string[] {
  const { config, installed } = context;
  return [
    ...recordedRoles(context).map(({ account }) => account),
    ...findDefiners(installed),
    definerAccount(config),
    installed.installer,
  ].map(formatAccount);
}

function recordedRoles({ installed }: DoctorContext): Array<{ account: Account; roles: Role[] }> {
  const byAccount = new Map<string, { account: Account; roles: Role[] }>();
  for (const { account, role } of recordedGrants(installed.log)) {
    const name = formatAccount(account);
    const roles = byAccount.get(name)?.roles ?? [];
    byAccount.set(name, { account, roles: [...roles, role] });
  }
  return [...byAccount.values()];
}
