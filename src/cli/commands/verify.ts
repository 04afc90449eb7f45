import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { ArgumentError } from '../../errors';
import { type Naming, verify, verifyFresh } from '../../install';
import {
  addConnectionOptions,
  addDefinerOption,
  addEventOptions,
  addExamples,
  addNamingOptions,
  type ConnectionFlags,
  type DefinerFlags,
  type EventFlags,
} from '../support/command-options';
import { withInstallOptions } from '../support/connection';
import { printMessage, printText } from '../support/output';
import { parseEventFlags } from '../support/parsers';

interface VerifyFlags extends ConnectionFlags, Naming, DefinerFlags, EventFlags {
  readonly database?: string;
  readonly output?: string;
}

export function registerVerify(program: Command): void {
  const command = program
    .command('verify')
    .summary('print a SQL script that checks the installation')
    .description(
      'Prints a script for the mysql or mariadb client that checks an installation without ' +
        'Node.js. The script changes nothing. It prints a row for each finding, and nothing if ' +
        'all is well. With --url, it knows the attributes and the choices of the installation. ' +
        'With --database, connects to no server.',
    )
    .option(
      '--schema, --database <name>',
      'print the script for a new installation in this database',
    )
    .option('--output <file>', 'write the script to this file instead of printing it');
  addExamples(addNamingOptions(addConnectionOptions(addDefinerOption(addEventOptions(command)))), [
    'knex-mysql-session verify --url mysql://dba@db.example/shop > verify.sql',
    'knex-mysql-session verify --database shop | mysql --host=db.example --user=dba --password',
  ]).action(async (flags: VerifyFlags) => {
    const script = await printScript(flags);
    if (flags.output === undefined) {
      printText(script);
      return;
    }
    await writeFile(flags.output, script);
    printMessage(`Written to ${flags.output}.`);
  });
}

async function printScript(flags: VerifyFlags): Promise<string> {
  const { database, definer } = flags;
  const event = parseEventFlags(flags);
  if (database === undefined) {
    return withInstallOptions(flags, (options) => verify({ ...options, definer, event }));
  }
  if ([flags.url, flags.defaultsFile, flags.defaultsExtraFile].some((flag) => flag !== undefined)) {
    throw new ArgumentError(
      'database',
      'given without a connection, as it connects to none',
      'both',
    );
  }
  return verifyFresh({ ...flags, database, event });
}
