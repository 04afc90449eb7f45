import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { routineNames } from '../../contract';
import { Database } from '../../database/database';
import { ArgumentError } from '../../errors';
import { grant, install } from '../../install';
import { type Account, formatAccount, parseAccount, quoteAccount } from '../../install/sql/account';
import { parseDatabaseName, quoteIdentifier } from '../../util/identifiers';
import {
  addConnectionOptions,
  addDatabaseOption,
  addExamples,
  type DatabaseFlags,
} from '../support/command-options';
import { withRoutineClient } from '../support/connection';
import { addVariable, assertCanAddVariable } from '../support/env-file';
import { exitCodes, explainConnectionError } from '../support/errors';
import { printMessage, printText } from '../support/output';
import { processContext } from '../support/process-context';
import { withStepProgress } from '../support/progress';
import { askText, assertTerminal, confirm } from '../support/prompt';
import { isServerNamed, resolveServer, type Server } from '../support/server';

interface InitFlags extends DatabaseFlags {
  readonly account?: string;
  readonly write: string;
  readonly yes?: boolean;
}

/** The database and the account that the command creates. */
interface Application {
  readonly database: string;
  readonly account: Account;
  readonly password: string;
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
  const password = URL.canParse(url) && new URL(url).password === '';
  return resolveServer({ ...flags, url, password });
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
    const application = await chooseApplication(flags, administrator, name);
    const url = applicationUrl(server, application);
    printMessage(describeStatements(server, application));
    if (!flags.yes && !(await confirmRun())) {
      printMessage('Canceled. Nothing was changed.');
      processContext().exitCode = exitCodes.failed;
      return;
    }
    await run(flags, server, administrator, application, url);
    printText(describeResult(flags, application));
  } finally {
    await administrator.close();
  }
}

/** The account must be new: the command would give another one more rights, and its password. */
async function chooseApplication(
  flags: InitFlags,
  administrator: Database,
  database: string,
): Promise<Application> {
  const [row] = await administrator.query("SELECT SUBSTRING_INDEX(USER(), '@', -1)");
  const host = String(row?.[0]);
  const isLocal = ['localhost', '127.0.0.1', '::1'].includes(host);
  const proposal = { user: `${database.slice(0, 28)}_app`, host: isLocal ? host : '%' };
  const account = flags.account === undefined ? proposal : parseAccount(flags.account);
  const existing = await administrator.query(
    'SELECT 1 FROM mysql.user WHERE user = ? AND host = ?',
    [account.user, account.host],
  );
  if (existing.length > 0) {
    throw new ArgumentError('account', 'a new account', `${formatAccount(account)}, which exists`);
  }
  // Servers with a password policy want a digit, a sign, and letters of both cases.
  const password = `${randomBytes(24).toString('base64url')}.aA1`;
  return { database, account, password };
}

function applicationUrl({ connection, tls }: Server, application: Application): string {
  const { uri, host = 'localhost', port = 3306, socketPath } = connection;
  const url = new URL(uri ?? `mysql://${host}:${port}`);
  url.username = encodeURIComponent(application.account.user);
  url.password = encodeURIComponent(application.password);
  url.pathname = `/${encodeURIComponent(application.database)}`;
  if (socketPath !== undefined) url.searchParams.set('socketPath', String(socketPath));
  if (tls.sslMode !== undefined) url.searchParams.set('ssl-mode', tls.sslMode);
  return url.href;
}

const createDatabase = ({ database }: Application) =>
  `CREATE DATABASE IF NOT EXISTS ${quoteIdentifier(database)}`;

const createAccount = ({ account }: Application, password: string) =>
  `CREATE USER ${quoteAccount(account)} IDENTIFIED BY '${password}'`;

function describeStatements({ address }: Server, application: Application): string {
  const { database, account } = application;
  return [
    `On ${address}, this runs:`,
    `  ${createDatabase(application)};`,
    `  -- The table sessions and ${routineNames.length} routines. This prints their SQL:`,
    `  -- npx knex-mysql-session plan --database ${database}`,
    `  ${createAccount(application, '(random)')};`,
    `  -- GRANT EXECUTE on the routines of the role application TO ${formatAccount(account)}`,
  ].join('\n');
}

async function confirmRun(): Promise<boolean> {
  assertTerminal('yes', 'given, or a terminal to ask at');
  return confirm('Continue?');
}

async function run(
  { write }: InitFlags,
  { address, connection }: Server,
  administrator: Database,
  application: Application,
  url: string,
): Promise<void> {
  const { database, account, password } = application;
  await administrator.query(createDatabase(application));
  const options = { connection: { ...connection, database } };
  await withStepProgress((listener) => install(options, listener));
  await administrator.query(createAccount(application, password));
  try {
    await grant(options, formatAccount(account));
    const target = { address, database, connection: { uri: url } };
    await withRoutineClient({}, 'application', async () => {}, target);
    addVariable(write, variable, url);
  } catch (error) {
    // The next run creates it again. Without this, it would find an account that exists.
    await administrator.query(`DROP USER ${quoteAccount(account)}`).catch(() => undefined);
    throw error;
  }
}

function describeResult({ write }: InitFlags, { database, account }: Application): string {
  return [
    `${database} is ready. ${write} has ${variable} with the password of ${formatAccount(account)}.`,
    'Keep this file out of version control.',
    `Next: node --env-file=${write} app.js`,
    '',
  ].join('\n');
}
