import type { Command } from 'commander';
import { planRevoke, revoke } from '../../install';
import { parseRole, roleList } from '../../install/steps/roles';
import { addExamples, addInstallOptions, type InstallFlags } from '../support/command-options';
import { withInstallOptions } from '../support/connection';
import { printResult, printText } from '../support/output';

interface RevokeFlags extends InstallFlags {
  readonly plan?: boolean;
  readonly role?: string;
}

export function registerRevoke(program: Command): void {
  const command = program
    .command('revoke')
    .summary('revoke a role from an account')
    .description(
      'Revokes EXECUTE on the routines of a role from an account, or on all routines. Upgrades ' +
        'do not bring it back. The account may have been dropped.',
    )
    .argument('<account>', "account, such as app@'10.0.%'; app means app@'%'")
    .option('--role <role>', `role to revoke: ${roleList} (default: all)`)
    .option('--plan', 'print the SQL as a script without running it');
  addExamples(addInstallOptions(command), [
    "knex-mysql-session revoke shop@'10.0.%' --url mysql://dba@db.example/shop",
    'knex-mysql-session revoke cron@localhost --role cleaner',
  ]).action(async (account: string, flags: RevokeFlags) => {
    const role = flags.role === undefined ? undefined : parseRole(flags.role);
    if (flags.plan) {
      printText(await withInstallOptions(flags, (options) => planRevoke(options, account, role)));
      return;
    }
    const steps = await withInstallOptions(flags, (options) => revoke(options, account, role));
    const what = role === undefined ? 'every role' : `the role ${role}`;
    printResult(flags, { account, role: role ?? null, steps }, () =>
      steps.length === 0 ? `Nothing to revoke from ${account}.` : `${account} has lost ${what}.`,
    );
  });
}
