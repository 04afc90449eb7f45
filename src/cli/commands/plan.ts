import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { ArgumentError } from '../../errors';
import { type Naming, plan, planFresh } from '../../install';
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

interface PlanFlags extends ConnectionFlags, Naming, DefinerFlags, EventFlags, CopyFlags {
  readonly database?: string;
  readonly output?: string;
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
    .option('--database <name>', 'print a full installation for this database')
    .option('--output <file>', 'write the script to this file instead of printing it');
  addExamples(
    addNamingOptions(
      addConnectionOptions(addDefinerOption(addCopyOption(addEventOptions(command)))),
    ),
    [
      'knex-mysql-session plan --database shop > install.sql',
      'knex-mysql-session plan --url mysql://dba@db.example/shop > upgrade.sql',
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
    const script = planFresh({ ...flags, database: flags.database, event: parseEventFlags(flags) });
    await writeScript(flags, script);
  });
}

async function planPendingSteps(flags: PlanFlags): Promise<void> {
  const { definer, keepGrants } = flags;
  const event = parseEventFlags(flags);
  const script = await withInstallOptions(flags, (options) =>
    plan({ ...options, definer, event, keepGrants }),
  );
  if (script === '') {
    printMessage('Nothing to do: the installation is up to date.');
  }
  await writeScript(flags, script);
}

async function writeScript({ output }: PlanFlags, script: string): Promise<void> {
  if (output === undefined) {
    printText(script);
    return;
  }
  await writeFile(output, script);
  printMessage(`Written to ${output}.`);
}
