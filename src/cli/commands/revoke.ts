import type { Command } from 'commander';
import { type InstallOptions, revoke } from '../../install';
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

interface RevokeFlags extends InstallFlags, DatabasesFlags {
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
    .option('--plan', 'print the SQL without running it: a script, or steps with --json');
  addExamples(addDatabasesOption(addInstallOptions(command)), [
    "knex-mysql-session revoke shop@'10.0.%' --url mysql://dba@db.example/shop",
    'knex-mysql-session revoke cron@localhost --role cleaner',
  ]).action((account: string, flags: RevokeFlags) => {
    const role = flags.role === undefined ? undefined : parseRole(flags.role);
    if (flags.plan) {
      return printPlan(flags, { action: 'revoke', account, role });
    }
    const what = role === undefined ? 'every role' : `the role ${role}`;
    const summarize = ({ steps }: { readonly steps: readonly string[] }) =>
      steps.length === 0 ? `Nothing to revoke from ${account}.` : `${account} has lost ${what}.`;
    return runInDatabases(flags, {
      run: async (target) => {
        const run = (options: InstallOptions) => revoke(options, account, role);
        const steps = await withInstallOptions(flags, run, target);
        return { account, role: role ?? null, steps };
      },
      print: (revoked) => printResult(flags, revoked, summarize),
      summarize,
    });
  });
}
