import type { ConnectedConfig } from '../install-config';
import { type Account, definerAccount, formatAccount, quoteAccount } from '../sql/account';
import { quoteIdentifier } from '../sql/names';
import { accountExists } from '../state/installation';
import { definerAccountFacts, findEntry } from '../state/migration-log';
import { type CheckResult, compare, migrateCommand, note } from './check-result';
import { type DoctorContext, installedRoutines } from './doctor-context';
import {
  executePrivilege,
  formatPrivilege,
  grantStatement,
  isSamePrivilege,
  type Privilege,
  readPrivileges,
  revokeStatement,
} from './privilege';

/** Checks the definer: it exists, it is locked, and it has the privileges that it needs. */
export function checkDefiner(context: DoctorContext): Promise<CheckResult[]> {
  return context.installed.currentDefiner ? checkCurrentDefiner(context) : checkOwnDefiner(context);
}

async function checkOwnDefiner(context: DoctorContext): Promise<CheckResult[]> {
  const { config, installed } = context;
  const account = definerAccount(config);
  if (!installed.definerExists) {
    const subject = `account ${formatAccount(account)}`;
    return [compare(subject, 'a locked account', undefined, migrateCommand)];
  }
  return [
    await checkLock(config, account),
    ...checkDefinerPrivileges(context, account, await readPrivileges(config.connection, account)),
  ];
}

async function checkLock({ connection }: ConnectedConfig, account: Account): Promise<CheckResult> {
  const [row] = await connection.query(`SHOW CREATE USER ${quoteAccount(account)}`);
  return compare(
    `account ${formatAccount(account)}`,
    'locked',
    / ACCOUNT LOCK\b/.test(String(row?.[0])) ? 'locked' : 'not locked',
    `ALTER USER ${quoteAccount(account)} ACCOUNT LOCK;`,
  );
}

function checkDefinerPrivileges(
  context: DoctorContext,
  account: Account,
  privileges: readonly Privilege[],
): CheckResult[] {
  const subject = `privileges of ${formatAccount(account)}`;
  const summary = 'exactly what the routines need';
  const needed = neededPrivileges(context);
  const missing = needed
    .filter(
      (privilege) =>
        // On some servers a routine can't use privileges that its definer has through a role.
        !privileges.some((one) => isSamePrivilege(one, privilege) && one.role === undefined),
    )
    .map((privilege) =>
      compare(
        subject,
        formatPrivilege(privilege),
        'not granted',
        grantStatement(privilege, account),
      ),
    );
  const excess = privileges
    .filter((privilege) => !needed.some((one) => isSamePrivilege(one, privilege)))
    .filter((privilege) => !isForEvent(privilege, context))
    .map((privilege) =>
      compare(subject, summary, formatPrivilege(privilege), revokeStatement(privilege, account)),
    );
  const differences = [...missing, ...excess];
  return differences.length > 0 ? differences : [compare(subject, summary, summary)];
}

function neededPrivileges(context: DoctorContext): Privilege[] {
  const { database, names } = context.config;
  const on = `${quoteIdentifier(database)}.${quoteIdentifier(names.table)}`;
  return [
    ...['SELECT', 'INSERT', 'UPDATE', 'DELETE'].map((name) => ({ name, on })),
    ...installedRoutines(context).map((routine) => executePrivilege(database, routine)),
  ];
}

// The server runs an event only if its definer has the EVENT privilege.
function isForEvent({ name, on }: Privilege, { steps }: DoctorContext): boolean {
  return (
    name === 'EVENT' &&
    on.endsWith('.*') &&
    on !== '*.*' &&
    steps.some(({ kind }) => kind === 'event')
  );
}

async function checkCurrentDefiner({ config, installed }: DoctorContext): Promise<CheckResult[]> {
  const { connection } = config;
  const results: CheckResult[] = [];
  for (const account of installed.definers) {
    const subject = `account ${formatAccount(account)}`;
    results.push(
      (await accountExists(connection, account))
        ? note(
            subject,
            'a separate locked account with only the privileges that the routines need',
            'the routines run as this account, which installed them (--definer current): a fault ' +
              'in a routine has all privileges of this account; the routines write under ' +
              'read_only if this account may; they stop if this account is dropped or loses ' +
              'its privileges on the table',
          )
        : compare(subject, 'an account, because routines run as it', undefined, migrateCommand),
    );
  }
  const unused = definerAccount(config);
  if (findEntry(installed.log, definerAccountFacts) && (await accountExists(connection, unused))) {
    results.push(
      note(
        `account ${formatAccount(unused)}`,
        'no such account, because no routine runs as it',
        'an unused account from an installation without --definer current',
        `DROP USER ${quoteAccount(unused)};`,
      ),
    );
  }
  return results;
}
