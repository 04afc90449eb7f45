import { basename } from 'node:path';
import type { Command } from 'commander';
import { Database } from '../../database/database';
import { ArgumentError } from '../../errors';
import { formatAccount } from '../../install/sql/account';
import { parseDatabaseName } from '../../util/identifiers';
import {
  addConnectionOptions,
  addDatabaseOption,
  addExamples,
  type DatabaseFlags,
} from '../support/command-options';
import { addVariable, assertCanAddVariable } from '../support/env-file';
import { exitCodes, explainConnectionError } from '../support/errors';
import {
  type Application,
  createApplication,
  describeStatements,
  formatSql,
  planApplication,
} from '../support/new-application';
import { printMessage, printText } from '../support/output';
import { processContext } from '../support/process-context';
import { askText, assertTerminal, confirmSql } from '../support/prompt';
import { isServerNamed, resolveServer, resolveTypedUrl, type Server } from '../support/server';

interface InitFlags extends DatabaseFlags {
  readonly account?: string;
  readonly write: string;
  readonly yes?: boolean;
}

const variable = 'MYSQL_URL';

export function registerInit(program: Command): void {
  const command = program
    .command('init')
    .summary('set up a new application, without a DBA')
    .description(
      'Creates the database, the table and the routines, and an account that can only execute ' +
        `the routines. Then writes the URL of the account to a file, as ${variable}. It asks ` +
        'for what the options leave open, shows what it will run, and asks again.',
    )
    .option(
      '--account <account>',
      "account to create (default: NAME_OF_THE_DATABASE_app, on this machine's host only if the " +
        'server runs here)',
    )
    .option('--write <file>', `file that gets ${variable}`, '.env')
    .option('-y, --yes', 'run without asking');
  addExamples(addDatabaseOption(addConnectionOptions(command)), [
    'knex-mysql-session init',
    'knex-mysql-session init --url mysql://root@localhost/shop -p',
    'knex-mysql-session init --url mysql://root@localhost/shop --yes --write .env.local',
  ]).action(async (flags: InitFlags) => {
    assertCanAddVariable('write', flags.write, variable);
    const server = await chooseServer(flags);
    assertUrlSuffices(server);
    const database = await chooseDatabase(flags, server);
    try {
      await initialize(flags, server, database);
    } catch (error) {
      throw explainConnectionError(error, { address: server.address, database });
    }
  });
}

async function chooseServer(flags: InitFlags): Promise<Server> {
  if (isServerNamed(flags)) {
    return resolveServer(flags);
  }
  assertTerminal('url', 'given, or a terminal to ask for it');
  const url = await askText('URL of the server, as an administrator:', 'mysql://root@localhost');
  return resolveTypedUrl(url, flags);
}

function assertUrlSuffices({ tls: { sslCa, sslCert } }: Server): void {
  if (sslCa !== undefined || sslCert !== undefined) {
    const expected = `left out, because ${variable} cannot name files: use migrate and grant`;
    throw new ArgumentError(sslCa === undefined ? 'sslCert' : 'sslCa', expected, 'a file');
  }
}

async function chooseDatabase(flags: InitFlags, server: Server): Promise<string> {
  const named = flags.database ?? server.database;
  if (named !== undefined) {
    return parseDatabaseName('database', named);
  }
  assertTerminal('database', 'given, or a terminal to ask for it');
  const proposal = basename(process.cwd()).replace(/\W+/g, '_');
  return parseDatabaseName('database', await askText('Database to create:', proposal));
}

async function initialize(flags: InitFlags, server: Server, name: string): Promise<void> {
  const administrator = Database.open(server.connection);
  try {
    const application = await planApplication(administrator, name, flags.account);
    printMessage(describeStatements(server, application));
    if (!flags.yes && !(await confirmRun(application))) {
      printMessage('Canceled. Nothing was changed.');
      processContext().exitCode = exitCodes.failed;
      return;
    }
    const save = (url: string) => addVariable(flags.write, variable, url);
    await createApplication(server, administrator, application, save);
    printText(describeResult(flags, application));
  } finally {
    await administrator.close();
  }
}

async function confirmRun(application: Application): Promise<boolean> {
  assertTerminal('yes', 'given, or a terminal to ask at');
  return confirmSql('Continue?', () => printMessage(formatSql(application)));
}

function describeResult({ write }: InitFlags, { database, account }: Application): string {
  return [
    `${database} is ready. ${write} has ${variable} with the password of ${formatAccount(account)}.`,
    'Keep this file out of version control.',
    `Next: node --env-file=${write} app.js`,
    '',
  ].join('\n');
}
