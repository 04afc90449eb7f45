import { quoteIdentifier } from '../../util/identifiers';
import { formatCommand } from '../command';
import type { ConnectedConfig } from '../install-config';
import {
  type Account,
  definerAccount,
  formatAccount,
  isSameAccount,
  quoteAccount,
} from '../sql/account';
import { findDefiners } from '../state/installation';
import { readAccount } from '../state/installed-account';
import { narrowRight } from '../state/narrow-right';
import { readWideRights } from '../state/wide-rights';
import { recordedRoles } from './check-grants';
import { type CheckResult, compare } from './check-result';
import type { DoctorContext } from './doctor-context';

/** Checks that no account without a role has privileges on the tables or the routines. */
export async function checkOtherAccounts(context: DoctorContext): Promise<CheckResult[]> {
  const others = [
    ...(await checkTableRights(context)),
    ...checkRoutineRights(context),
    ...(await checkWideRights(context)),
  ];
  const expected = 'no privileges on the table or the routines, except administrators';
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
      report(context, account, `${privileges} ON ${on}`, [
        `REVOKE ALL PRIVILEGES ON ${on} FROM ${quoteAccount(account)};`,
      ]),
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
      const found = `EXECUTE ON ${routines.length === 1 ? routines[0] : `${routines.length} routines`}`;
      const result = report(context, account, found, grants.length > 0 ? grants : [revoke]);
      return grants.length > 0 ? { ...result, alternative: [revoke] } : result;
    });
}

async function checkWideRights(context: DoctorContext): Promise<CheckResult[]> {
  const { config } = context;
  const known = knownAccounts(context);
  const results: CheckResult[] = [];
  for (const right of await readWideRights(config)) {
    const { account, privileges, on } = right;
    if (!known.includes(formatAccount(account)) && !(await isLocked(config, account))) {
      const found = `${privileges.join(', ')} ON ${on}`;
      results.push(report(context, account, found, await narrowRight(config, right)));
    }
  }
  return results;
}

// No one can log in as a locked account, such as the server's own ones.
async function isLocked({ connection }: ConnectedConfig, account: Account): Promise<boolean> {
  const isRole = account.host === '';
  const installed = isRole ? undefined : await readAccount(connection, account);
  return installed?.isLocked === true;
}

/** Returns the finding about an account without a role; a note if the DBA trusts the account. */
function report(
  { config, trusted }: DoctorContext,
  account: Account,
  found: string,
  remedy: readonly string[],
): CheckResult {
  const name = formatAccount(account);
  const result = compare(`account ${name}`, noRole, found, ...remedy);
  return trusted.some((one) => isSameAccount(one, account))
    ? { ...result, state: 'note', remedy: [] }
    : { ...result, alternative: [formatCommand(`doctor --trust ${name}`, config.names.flags)] };
}

/** Returns the accounts that other checks cover: those with a role, definers and installer. */
function knownAccounts(context: DoctorContext): string[] {
  const { config, installed } = context;
  return [
    ...recordedRoles(context).map(({ account }) => account),
    ...findDefiners(installed),
    definerAccount(config),
    installed.installer,
  ].map(formatAccount);
}
