import {
  executePrivilege,
  formatPrivilege,
  isSameObject,
  isSamePrivilege,
  revokeStatement,
} from '../privileges/privilege';
import { definerAccount, formatAccount, isSameAccount, quoteAccount } from '../sql/account';
import { findDefiners } from '../state/installation';
import { definerAccountFacts, findEntry } from '../state/migration-log';
import { compareDefiner, neededPrivileges } from '../steps/definer-difference';
import { routineName } from '../steps/routine-steps';
import { type CheckResult, compare, note } from './check-result';
import { type DoctorContext, migrateCommand } from './doctor-context';

/** Checks the definer: it exists, it is locked, and it has the privileges that it needs. */
export function checkDefiner(context: DoctorContext): CheckResult[] {
  const { accountsError, currentDefiner } = context.installed;
  if (accountsError) {
    throw accountsError;
  }
  return currentDefiner ? checkCurrentDefiner(context) : checkOwnDefiner(context);
}

function checkOwnDefiner(context: DoctorContext): CheckResult[] {
  const { config, installed } = context;
  const subject = `account ${formatAccount(definerAccount(config))}`;
  const expected = 'locked, with what the routines need';
  const differences = compareDefiner(config, installed);
  const found = differences.length === 0 ? expected : differences.join(', ');
  return [compare(subject, expected, found, migrateCommand(context)), ...checkExcess(context)];
}

function checkExcess(context: DoctorContext): CheckResult[] {
  const { config, installed } = context;
  const account = definerAccount(config);
  const needed = neededPrivileges(config, installed);
  const excess = (installed.definer?.privileges ?? []).filter(
    (privilege) =>
      !needed.some((one) => isSamePrivilege(one, privilege)) &&
      !isForEvent(context, privilege) &&
      !isForOwnRoutine(context, privilege),
  );
  const subject = `privileges of ${formatAccount(account)}`;
  const expected = 'nothing that the routines do not need';
  return excess.length === 0
    ? [compare(subject, expected, expected)]
    : excess.map((one) =>
        compare(subject, expected, formatPrivilege(one), revokeStatement(one, account)),
      );
}

// The server runs an event only if its definer has the EVENT privilege.
function isForEvent({ steps }: DoctorContext, { name, on }: { name: string; on: string }): boolean {
  return (
    name === 'EVENT' &&
    on.endsWith('.*') &&
    on !== '*.*' &&
    steps.some(({ kind }) => kind === 'event')
  );
}

// A replica of MariaDB grants the definer ALTER ROUTINE on each routine that it replicates. The
// account is locked, and no routine uses it.
function isForOwnRoutine(
  { config, steps }: DoctorContext,
  { name, on }: { name: string; on: string },
): boolean {
  const routines = steps.filter(({ kind }) => kind === 'routine');
  return (
    ['EXECUTE', 'ALTER ROUTINE'].includes(name) &&
    routines.some((step) =>
      isSameObject(on, executePrivilege(config.database, routineName(config, step)).on),
    )
  );
}

function checkCurrentDefiner(context: DoctorContext): CheckResult[] {
  const { config, installed } = context;
  const results = findDefiners(installed).map((account) => {
    const subject = `account ${formatAccount(account)}`;
    return installed.otherDefiners.some((other) => isSameAccount(other, account))
      ? note(
          subject,
          'a separate locked account with only the privileges that the routines need',
          'the routines run as this account, which installed them (--definer current): a fault ' +
            'in a routine has all privileges of this account; the routines write under ' +
            'read_only if this account may; they stop if this account is dropped or loses ' +
            'its privileges on the table',
        )
      : compare(
          subject,
          'an account, because routines run as it',
          undefined,
          migrateCommand(context),
        );
  });
  const unused = definerAccount(config);
  if (findEntry(installed.log, definerAccountFacts) && installed.definer) {
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
