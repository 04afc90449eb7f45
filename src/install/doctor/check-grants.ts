import type { Role } from '../../contract';
import { formatCommand } from '../command';
import { readPrivileges } from '../privileges/privilege';
import { type Account, formatAccount, quoteAccount } from '../sql/account';
import { findOwnRoutines } from '../state/installation';
import { accountExists, readAccount } from '../state/installed-account';
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
        ...(await checkLogin(context, account)),
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

/** Checks that a client can log in as an account with a role. */
async function checkLogin({ config }: DoctorContext, account: Account): Promise<CheckResult[]> {
  const installed = account.host === '' ? undefined : await readAccount(config.connection, account);
  if (installed === undefined || installed.isRole) {
    return [];
  }
  const alter = `ALTER USER ${quoteAccount(account)}`;
  const locked = { found: 'locked', remedy: `${alter} ACCOUNT UNLOCK;` };
  const expired = {
    found: 'with an expired password',
    remedy: `${alter} IDENTIFIED BY 'a secret password';`,
  };
  const problems = [
    ...(installed.isLocked ? [locked] : []),
    ...(installed.isExpired ? [expired] : []),
  ];
  return problems.map(({ found, remedy }) =>
    compare(`account ${formatAccount(account)}`, 'an account that can log in', found, remedy),
  );
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

/** Returns the recorded roles of each account. */
export function recordedRoles({
  installed,
}: DoctorContext): Array<{ account: Account; roles: Role[] }> {
  const byAccount = new Map<string, { account: Account; roles: Role[] }>();
  for (const { account, role } of installed.recordedGrants) {
    const name = formatAccount(account);
    const roles = byAccount.get(name)?.roles ?? [];
    byAccount.set(name, { account, roles: [...roles, role] });
  }
  return [...byAccount.values()];
}
