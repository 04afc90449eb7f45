import type { Command } from 'commander';
import { type InstallOptions, install, status } from '../../install';
import { formatCommand } from '../../install/command';
import {
  addCopyOption,
  addDatabasesOption,
  addDefinerOption,
  addEventOptions,
  addExamples,
  addInstallOptions,
  type CopyFlags,
  type DatabasesFlags,
  type DefinerFlags,
  type EventFlags,
  type InstallFlags,
} from '../support/command-options';
import { withInstallOptions } from '../support/connection';
import { runInDatabases } from '../support/each-database';
import { pluralize, printMessage, printResult, styleMessage } from '../support/output';
import { parseEventFlags } from '../support/parsers';
import { printPlan } from '../support/plan-output';
import { withStepProgress } from '../support/progress';

interface MigrateFlags extends InstallFlags, DatabasesFlags, DefinerFlags, EventFlags, CopyFlags {
  readonly dryRun?: boolean;
}

interface Migration {
  readonly steps: readonly string[];
  /** Whether the run changed something, and no account has a role. */
  readonly isUngranted: boolean;
  /** Why the event of --event does not run, and what to do. Empty if it runs. */
  readonly eventProblem: readonly string[];
}

export function registerMigrate(program: Command): void {
  const command = program
    .command('migrate')
    .summary('install, or upgrade to this version')
    .description(
      'Installs the table, the routines and their definer, or upgrades them to this version. ' +
        'After a failure, run it again. Several processes can run it at the same time.',
    )
    .option('--dry-run', 'print the SQL without running it, as plan does');
  addDatabasesOption(addInstallOptions(addDefinerOption(addCopyOption(addEventOptions(command)))));
  addExamples(command, [
    'knex-mysql-session migrate --url mysql://dba@db.example/shop -p',
    'knex-mysql-session migrate --table admin_sessions --prefix admin_sess_',
    'knex-mysql-session migrate --event --every 300',
    'knex-mysql-session migrate --keep-grants',
    "knex-mysql-session migrate --databases 'shop_%' --url mysql://dba@db.example",
  ]).action((flags: MigrateFlags) => {
    const event = parseEventFlags(flags);
    const { definer, keepGrants } = flags;
    const complete = (options: InstallOptions) => ({ ...options, definer, event, keepGrants });
    if (flags.dryRun) {
      return printPlan(flags, { action: 'install' }, complete);
    }
    return runInDatabases(flags, {
      run: (target) =>
        withInstallOptions(
          flags,
          (options) => migrate(complete(options), target?.database),
          target,
        ),
      toJson: ({ steps }) => ({ steps }),
      print: (migration) => print(flags, migration),
      summarize: ({ steps, eventProblem }) => [formatSteps(steps), ...eventProblem].join(' '),
    });
  });
}

async function migrate(options: InstallOptions, database: string | undefined): Promise<Migration> {
  const steps = await withStepProgress((listener) => install(options, listener), database);
  // A run that had nothing to do has no next step.
  const state = steps.length > 0 || options.event ? await status(options) : undefined;
  // The event scheduler of MariaDB is off by default.
  const event = options.event ? state?.event : undefined;
  return {
    steps,
    isUngranted: state?.grants.length === 0,
    eventProblem: event?.problem
      ? ['The cleanup does not run yet.', `${event.problem}.`, ...event.remedy]
      : [],
  };
}

function print(flags: MigrateFlags, { steps, isUngranted, eventProblem }: Migration): void {
  printResult(flags, { steps }, () => formatSteps(steps));
  const [title, problem, ...remedy] = eventProblem;
  if (title !== undefined) {
    printMessage([`${styleMessage('yellow', title)} ${problem}`, ...remedy].join('\n  '));
  }
  if (isUngranted && !flags.json) {
    printMessage(`Next: ${formatCommand('grant ACCOUNT', flags)}`);
  }
}

function formatSteps(steps: readonly string[]): string {
  return steps.length === 0
    ? 'Nothing to do: up to date.'
    : `Up to date: ${pluralize(steps.length, 'step')} done.`;
}
