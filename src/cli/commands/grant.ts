import type { Command } from 'commander';
import { grant, planGrant } from '../../install';
import { parseRole, roleList } from '../../install/steps/roles';
import { addExamples, addInstallOptions, type InstallFlags } from '../support/command-options';
import { withInstallOptions } from '../support/connection';
import { printResult, printText } from '../support/output';

interface GrantFlags extends InstallFlags {
  readonly plan?: boolean;
  readonly role: string;
}

export function registerGrant(program: Command): void {
  const command = program
    .command('grant')
    .summary('grant a role to an account')
    .description(
      'Grants EXECUTE on the routines of a role to an account. Upgrades keep the grant. The ' +
        'account of an application needs no other privilege.',
    )
    .argument('<account>', "existing account, such as app@'10.0.%'; app means app@'%'")
    .option('--role <role>', `role to grant: ${roleList}`, 'application')
    .option('--plan', 'print the SQL as a script without running it');
  addExamples(addInstallOptions(command), [
    "knex-mysql-session grant shop@'10.0.%' --url mysql://dba@db.example/shop",
    'knex-mysql-session grant cron@localhost --role cleaner',
    "knex-mysql-session grant shop@'10.0.%' --role destroy_user_id",
  ]).action(async (account: string, flags: GrantFlags) => {
    const role = parseRole(flags.role);
    if (flags.plan) {
      printText(await withInstallOptions(flags, (options) => planGrant(options, account, role)));
      return;
    }
    await withInstallOptions(flags, (options) => grant(options, account, role));
    printResult(flags, { account, role }, () => `${account} has the role ${role}.`);
  });
}
