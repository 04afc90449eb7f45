import type { Command } from 'commander';
import { install, plan, status } from '../../install';
import { formatCommand } from '../../install/command';
import {
  addDefinerOption,
  addEventOptions,
  addExamples,
  addInstallOptions,
  type DefinerFlags,
  type EventFlags,
  type InstallFlags,
} from '../support/command-options';
import { withInstallOptions } from '../support/connection';
import { pluralize, printMessage, printResult, printText, styleMessage } from '../support/output';
import { parseEventFlags } from '../support/parsers';
import { withStepProgress } from '../support/progress';

interface MigrateFlags extends InstallFlags, DefinerFlags, EventFlags {
  readonly dryRun?: boolean;
}

export function registerMigrate(program: Command): void {
  const command = program
    .command('migrate')
    .summary('install, or upgrade to this version')
    .description(
      'Installs the table, the routines and their definer, or upgrades them to this version. ' +
        'After a failure, run it again. Several processes can run it at the same time.',
    )
    .option('--dry-run', 'print the SQL as a script without running it, as plan does');
  addExamples(addInstallOptions(addDefinerOption(addEventOptions(command))), [
    'knex-mysql-session migrate --url mysql://dba@db.example/shop -p',
    'knex-mysql-session migrate --table admin_sessions --prefix admin_sess_',
    'knex-mysql-session migrate --event --every 300',
  ]).action(async (flags: MigrateFlags) => {
    const { definer } = flags;
    const event = parseEventFlags(flags);
    if (flags.dryRun) {
      const script = await withInstallOptions(flags, (names) => plan({ ...names, definer, event }));
      printText(script);
      return;
    }
    const { steps, state } = await withInstallOptions(flags, async (names) => {
      const options = { ...names, definer, event };
      const done = await withStepProgress((listener) => install(options, listener));
      // A run that had nothing to do has no next step.
      return { steps: done, state: done.length > 0 || event ? await status(options) : undefined };
    });
    printResult(flags, { steps }, () =>
      steps.length === 0
        ? 'Nothing to do: up to date.'
        : `Up to date: ${pluralize(steps.length, 'step')} done.`,
    );
    if (event && state?.event?.problem) {
      // The event scheduler of MariaDB is off by default.
      const warning = styleMessage('yellow', 'The cleanup does not run yet.');
      const { problem, remedy } = state.event;
      printMessage([`${warning} ${problem}.`, ...remedy].join('\n  '));
    }
    if (state?.grants.length === 0 && !flags.json) {
      printMessage(`Next: ${formatCommand('grant ACCOUNT', flags)}`);
    }
  });
}
