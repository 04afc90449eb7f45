import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { ArgumentError } from '../../errors';
import { type Naming, type PlannedChange, planFreshSteps, planSteps } from '../../install';
import {
  addConnectionOptions,
  addCopyOption,
  addDefinerOption,
  addEventOptions,
  addExamples,
  addNamingOptions,
  type ConnectionFlags,
  type CopyFlags,
  type DefinerFlags,
  type EventFlags,
} from '../support/command-options';
import { withInstallOptions } from '../support/connection';
import { printMessage, printText } from '../support/output';
import { parseEventFlags } from '../support/parsers';
import { formatPlan, type PlanFormat, planFormats } from '../support/plan-format';

interface PlanFlags extends ConnectionFlags, Naming, DefinerFlags, EventFlags, CopyFlags {
  readonly database?: string;
  readonly output?: string;
  readonly format: PlanFormat;
}

export function registerPlan(program: Command): void {
  const command = program
    .command('plan')
    .summary('print the SQL that migrate would run')
    .description(
      'Prints the SQL that migrate would run, as a script for the mysql or mariadb client. ' +
        'With --url, prints the pending steps, or nothing if the installation is up to date. ' +
        'With --database, prints a full installation and connects to no server.',
    )
    .option('--schema, --database <name>', 'print a full installation for this database')
    .option('--output <file>', 'write to this file instead of printing')
    .addOption(
      new Option('--format <format>', 'a script, or the steps with their reasons for programs')
        .choices(planFormats)
        .default('sql'),
    );
  addExamples(
    addNamingOptions(
      addConnectionOptions(addDefinerOption(addCopyOption(addEventOptions(command)))),
    ),
    [
      'knex-mysql-session plan --database shop > install.sql',
      'knex-mysql-session plan --url mysql://dba@db.example/shop > upgrade.sql',
      'knex-mysql-session plan --format json --output plan.json',
    ],
  ).action(async (flags: PlanFlags) => {
    if (flags.database === undefined) {
      await planPendingSteps(flags);
      return;
    }
    if (
      [flags.url, flags.defaultsFile, flags.defaultsExtraFile].some((flag) => flag !== undefined)
    ) {
      const expected =
        'given without a connection, as it prints a full installation. For the pending steps of ' +
        'this database, use: migrate --dry-run';
      throw new ArgumentError('database', expected, 'both');
    }
    const event = parseEventFlags(flags);
    await writePlan(flags, planFreshSteps({ ...flags, database: flags.database, event }));
  });
}

async function planPendingSteps(flags: PlanFlags): Promise<void> {
  const { definer, keepGrants } = flags;
  const event = parseEventFlags(flags);
  const planned = await withInstallOptions(flags, (options) =>
    planSteps({ ...options, definer, event, keepGrants }),
  );
  if (planned.steps.length === 0) {
    printMessage('Nothing to do: the installation is up to date.');
  }
  await writePlan(flags, planned);
}

async function writePlan({ output, format }: PlanFlags, planned: PlannedChange): Promise<void> {
  const text = formatPlan(planned, format);
  if (output === undefined) {
    printText(text);
    return;
  }
  await writeFile(output, text);
  printMessage(`Written to ${output}.`);
}
