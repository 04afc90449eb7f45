import type { Command } from 'commander';
import { ArgumentError } from '../../errors';
import { type InstallOptions, planRollback, rollback } from '../../install';
import { addExamples, addInstallOptions, type InstallFlags } from '../support/command-options';
import { withInstallOptions } from '../support/connection';
import { exitCodes } from '../support/errors';
import { pluralize, printMessage, printResult } from '../support/output';
import { parseWholeNumber } from '../support/parsers';
import { printPlan } from '../support/plan-output';
import { processContext } from '../support/process-context';
import { withStepProgress } from '../support/progress';
import { assertTerminal, confirm } from '../support/prompt';

interface RollbackFlags extends InstallFlags {
  readonly to?: string;
  readonly yes?: boolean;
  readonly plan?: boolean;
}

export function registerRollback(program: Command): void {
  const command = program
    .command('rollback')
    .summary('undo the last migration, or remove the installation')
    .description(
      'Undoes the last migration of the table, or with --to every migration after one. Rolling ' +
        'back to 0 removes the whole installation with its sessions, routines and grants.',
    )
    .option(
      '--to <n>',
      'number of the last migration to keep; 0 removes the installation (default: undo one)',
    )
    .option('-y, --yes', 'delete the sessions without asking')
    .option('--plan', 'print the SQL without running it: a script, or steps with --json');
  addExamples(addInstallOptions(command), [
    'knex-mysql-session rollback --url mysql://dba@db.example/shop',
    'knex-mysql-session rollback --to 0 --yes',
  ]).action(async (flags: RollbackFlags) => {
    const to = flags.to === undefined ? undefined : parseWholeNumber('to', flags.to, { min: 0 });
    await (flags.plan
      ? printPlan(flags, { action: 'rollback', to })
      : withInstallOptions(flags, (options) => runRollback(flags, options, to)));
  });
}

async function runRollback(
  flags: RollbackFlags,
  options: InstallOptions,
  target: number | undefined,
): Promise<void> {
  if (target === 0 && !flags.yes) {
    assertCanAsk();
  }
  const { to, steps: planned, table } = await planRollback(options, target);
  const isRemoval = to === 0 && planned.length > 0;
  if (isRemoval && flags.yes && target !== 0) {
    throw new ArgumentError('to', '0, because the rollback deletes all sessions', 'none');
  }
  if (isRemoval) {
    printMessage(`To be removed:\n${planned.map((step) => `  ${step}`).join('\n')}`);
  }
  if (isRemoval && !flags.yes && !(await confirmLoss(table))) {
    printMessage('Canceled. Nothing was changed.');
    processContext().exitCode = exitCodes.failed;
    return;
  }
  // Without planned steps, do nothing: another process can install now, and no user confirmed that.
  const steps =
    planned.length === 0
      ? []
      : await withStepProgress((listener) => rollback(options, to, listener));
  printResult(flags, { to, steps }, () =>
    steps.length === 0
      ? 'Nothing to roll back.'
      : `${pluralize(steps.length, 'step')} rolled back.`,
  );
}

function assertCanAsk(): void {
  assertTerminal('yes', 'given, because a rollback that deletes all sessions asks at a terminal');
}

async function confirmLoss(table: string): Promise<boolean> {
  assertCanAsk();
  return confirm(
    `This deletes the table ${table} with every session, and the routines. All users are ` +
      'logged out. Continue?',
  );
}
