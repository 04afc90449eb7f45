import type { Command } from 'commander';
import { grant } from '../../install';
import { parseRole, roleList } from '../../install/steps/roles';
import {
  addDatabasesOption,
  addExamples,
  addInstallOptions,
  type DatabasesFlags,
  type InstallFlags,
} from '../support/command-options';
import { withInstallOptions } from '../support/connection';
import { runInDatabases } from '../support/each-database';
import { printResult } from '../support/output';
import { printPlan } from '../support/plan-output';

interface GrantFlags extends InstallFlags, DatabasesFlags {
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
    .option('--plan', 'print the SQL without running it: a script, or steps with --json');
  addExamples(addDatabasesOption(addInstallOptions(command)), [
    "knex-mysql-session grant shop@'10.0.%' --url mysql://dba@db.example/shop",
    'knex-mysql-session grant cron@localhost --role cleaner',
    "knex-mysql-session grant shop@'10.0.%' --role destroy_user_id",
  ]).action((account: string, flags: GrantFlags) => {
    const role = parseRole(flags.role);
    if (flags.plan) {
      return printPlan(flags, { action: 'grant', account, role });
    }
    const summary = `${account} has the role ${role}.`;
    return runInDatabases(flags, {
      run: async (target) => {
        await withInstallOptions(flags, (options) => grant(options, account, role), target);
        return { account, role };
      },
      print: (granted) => printResult(flags, granted, () => summary),
      summarize: () => summary,
    });
  });
}
