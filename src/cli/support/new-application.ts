import { randomBytes } from 'node:crypto';
import { routineNames } from '../../contract';
import type { Database } from '../../database/database';
import { isLoginRefused } from '../../database/error-codes';
import { ArgumentError, DatabaseError } from '../../errors';
import { grant, install, planFresh } from '../../install';
import { type Account, formatAccount, parseAccount, quoteAccount } from '../../install/sql/account';
import { grantStatement } from '../../install/steps/grants';
import { routinesOfRole } from '../../install/steps/roles';
import { quoteIdentifier } from '../../util/identifiers';
import { withRoutineClient } from './connection';
import { withStepProgress } from './progress';
import type { Server } from './server';

/** The database and the account that `init` creates. */
export interface Application {
  readonly database: string;
  readonly account: Account;
  readonly password: string;
}

/** Plans a new account. One that exists would give another one more rights, and its password. */
export async function planApplication(
  administrator: Database,
  database: string,
  accountName: string | undefined,
): Promise<Application> {
  const [row] = await administrator.query("SELECT SUBSTRING_INDEX(USER(), '@', -1)");
  const host = String(row?.[0]);
  const isLocal = ['localhost', '127.0.0.1', '::1'].includes(host);
  const proposal = { user: `${database.slice(0, 28)}_app`, host: isLocal ? host : '%' };
  const account = accountName === undefined ? proposal : parseAccount(accountName);
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

/** Returns the URL with which the application connects. */
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

/** Returns what `createApplication` runs, without the password. */
export function describeStatements({ address }: Server, application: Application): string {
  const { account } = application;
  return [
    `On ${address}, this runs:`,
    `  ${createDatabase(application)};`,
    `  -- The table sessions and ${routineNames.length} routines`,
    `  ${createAccount(application, '(random)')};`,
    `  -- GRANT EXECUTE on the routines of the role application TO ${formatAccount(account)}`,
  ].join('\n');
}

/** Returns the SQL of all that `createApplication` runs, without the password. */
export function formatSql(application: Application): string {
  const { database, account } = application;
  const grants = routinesOfRole('application', []).map((routine) =>
    grantStatement(routine, account),
  );
  return [
    `${createDatabase(application)};`,
    planFresh({ database }),
    ...[createAccount(application, '(random)'), ...grants].map((statement) => `${statement};`),
  ].join('\n');
}

/**
 * Creates the database, the installation and the account, and checks that the account works.
 *
 * @param save keeps the URL of the account; if this fails, the account is dropped again
 */
export async function createApplication(
  server: Server,
  administrator: Database,
  application: Application,
  save: (url: string) => void,
): Promise<void> {
  const { address, connection } = server;
  const { database, account, password } = application;
  await administrator.query(createDatabase(application));
  const options = { connection: { ...connection, database } };
  await withStepProgress((listener) => install(options, listener));
  await administrator.query(createAccount(application, password));
  try {
    await grant(options, formatAccount(account));
    const url = applicationUrl(server, application);
    const target = { address, database, connection: { uri: url } };
    await withRoutineClient({}, 'application', async () => {}, target);
    save(url);
  } catch (error) {
    // The next run creates it again. Without this, it would find an account that exists.
    await administrator.query(`DROP USER ${quoteAccount(account)}`).catch(() => undefined);
    throw explainRefusal(error, account);
  }
}

/** The host of the account can be another one than the server sees. */
function explainRefusal(error: unknown, account: Account): unknown {
  if (!(error instanceof DatabaseError && isLoginRefused(error.errno))) return error;
  const other = formatAccount({ ...account, host: '%' });
  return new ArgumentError(
    'account',
    'an account that can connect from here',
    `${formatAccount(account)}, which the server refused. Try --account ${other}`,
  );
}
