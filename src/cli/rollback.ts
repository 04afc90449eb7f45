import type { Command } from 'commander';
import type { ConnectionOptions } from '../database';
import { ArgumentError, describe } from '../errors';
import { type Naming, planRollback, rollback } from '../install';
import { type ConnectionFlags, connected } from './connection';
import { exitCodes } from './exit-code';
import { type OutputFlags, withConnection, withExamples, withJson, withNaming } from './options';
import { count, print, printJson, say } from './output';
import { reportSteps } from './progress';

interface RollbackFlags extends ConnectionFlags, Naming, OutputFlags {
  readonly to?: string;
  readonly yes?: boolean;
}

export function addRollback(program: Command): void {
  const command = program
    .command('rollback')
    .summary('take back one migration, or everything')
    .description(
      'Takes the table back by one migration, or to an earlier one. Back to 0 nothing is left: no sessions, no routines, no grants.',
    )
    .option(
      '--to <n>',
      'to the shape that migration N gave the table; 0 removes everything (default: one less)',
    )
    .option('-y, --yes', "don't ask before sessions are deleted");
  withExamples(withJson(withNaming(withConnection(command))), [
    'knex-mysql-session rollback --url mysql://dba@db.example/shop',
    'knex-mysql-session rollback --to 0 --yes',
  ]).action((flags: RollbackFlags) => connected(flags, (connection) => run(flags, connection)));
}

async function run(flags: RollbackFlags, connection: ConnectionOptions): Promise<void> {
  const options = { ...flags, connection };
  const wanted = parseNumber(flags.to);
  if (wanted === 0 && !flags.yes) {
    assertTerminal();
  }
  const { to, steps: planned } = await planRollback(options, wanted);
  if (to === 0 && planned.length > 0 && !flags.yes && !(await confirmLoss(flags.table))) {
    say('Nothing was changed.');
    process.exitCode = exitCodes.failed;
    return;
  }
  const report = reportSteps();
  // What is installed only now, nobody was asked about.
  const steps = planned.length === 0 ? [] : await rollback(options, to, report).finally(report.stop);
  if (flags.json) {
    printJson({ to, steps });
  } else {
    print(steps.length === 0 ? 'Nothing to take back.' : `${count(steps.length, 'step')} taken back.`);
  }
}

function parseNumber(text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  if (!/^\d+$/.test(text)) {
    throw new ArgumentError('to', 'the number of a migration, such as 0', describe(text));
  }
  return Number(text);
}

function assertTerminal(): void {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new ArgumentError(
      'yes',
      'given where everything is removed, the sessions included, and no terminal is there to ask at',
      'nothing',
    );
  }
}

async function confirmLoss(table = ''): Promise<boolean> {
  assertTerminal();
  const { default: confirm } = await import('@inquirer/confirm');
  return confirm(
    {
      message: `This removes the routines, and the table ${table} with every session in it: everybody is logged out. Go on?`,
      default: false,
    },
    { output: process.stderr },
  );
}
