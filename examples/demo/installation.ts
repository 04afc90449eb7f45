import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import { bin } from 'knex-mysql-session/package.json';
import { createConnection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import type { SessionRow } from './guide';
import { answer, check, columns, command, say, shortAnswer, wrapped } from './output';
import { run } from './program';

/** A temporary database of the demo. */
export interface DemoDatabase {
  readonly name: string;
  /** The DBA's URL, with the database in its path. */
  readonly url: string;
}

export interface Account {
  readonly name: string;
  /** The account's URL, with the database in its path. */
  readonly url: string;
}

/** Creates a database, runs the work in it, and drops the database and its accounts. */
export async function withDatabase(
  serverUrl: string,
  work: (database: DemoDatabase) => Promise<void>,
): Promise<void> {
  const name = `demo_${randomBytes(4).toString('hex')}`;
  await query(serverUrl, `CREATE DATABASE ${name}`);
  try {
    await work({ name, url: Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href });
  } finally {
    // MySQL drops no account that routines need, so the database goes first.
    await query(serverUrl, `DROP DATABASE ${name}`);
    for (const account of await accountsOf(serverUrl, name)) {
      await query(serverUrl, `DROP USER ${account}`);
    }
  }
  const databases = await query(serverUrl, 'SHOW DATABASES LIKE ?', [`${name}%`]);
  const left = [...databases, ...(await accountsOf(serverUrl, name))];
  say('');
  check('The demo has dropped its database and its accounts.', left.length === 0, left);
}

/** Finds the accounts of the demo, also the definer. Their names start with the database's name. */
async function accountsOf(serverUrl: string, name: string): Promise<string[]> {
  const rows = await query(
    serverUrl,
    `SELECT CONCAT(QUOTE(user), '@', QUOTE(host)) AS account
     FROM mysql.user WHERE LEFT(user, LENGTH(?)) = ?`,
    [name, name],
  );
  return rows.map(({ account }) => String(account));
}

/** Sends a statement with the account of the URL. */
async function query(
  url: string,
  sql: string,
  values: readonly string[] = [],
): Promise<RowDataPacket[]> {
  const connection = await createConnection({ uri: url, dateStrings: true });
  try {
    const [rows] = await connection.query<RowDataPacket[] | ResultSetHeader>(sql, [...values]);
    return Array.isArray(rows) ? rows : [];
  } finally {
    await connection.end();
  }
}

/** Prints and runs a knex-mysql-session command on the database of the URL. */
export async function runCli(url: string, ...parameters: readonly string[]): Promise<string> {
  const shown = parameters.map((word) => (/^[\w@.=-]+$/.test(word) ? word : `'${word}'`));
  const line = wrapped(['knex-mysql-session', ...shown].join(' '), columns - 10);
  command('$', line.replaceAll('\n', ' \\\n'));
  const program = join(__dirname, '../..', bin['knex-mysql-session']);
  const env = { ...process.env, MYSQL_URL: url };
  const { stdout, stderr } = await run([process.execPath, program, ...parameters], { env });
  // The command reports its progress on stderr.
  const output = stderr + stdout;
  shortAnswer(output);
  return output;
}

export async function showPlan({ name, url }: DemoDatabase): Promise<void> {
  say(`MYSQL_URL is the URL of the DBA: ${Object.assign(new URL(url), { password: '' }).href}`);
  const file = join(tmpdir(), `${name}.sql`);
  await runCli(url, 'plan', '--output', file);
  const plan = await readFile(file, 'utf8');
  say(`The script has ${plan.split('\n').length} lines, and stays there: read it.`);
  const isComplete = plan.includes('CREATE TABLE') && plan.includes('PROCEDURE `sess_version`');
  check('It has the table, the locked definer and the routines.', isComplete, plan);
}

export async function install({ url }: DemoDatabase): Promise<void> {
  await runCli(url, 'migrate');
  const before = await lastChangesIn(url);
  await runCli(url, 'migrate');
  const after = await lastChangesIn(url);
  check('The second run changes nothing.', after === before, { before, after });
}

/** Returns the last migration and the last change of a routine. */
async function lastChangesIn(url: string): Promise<string> {
  const rows = await query(
    url,
    `SELECT (SELECT COUNT(*) FROM sessions_migrations) AS migrations,
            (SELECT MAX(last_altered) FROM information_schema.routines
             WHERE routine_schema = DATABASE()) AS routines`,
  );
  return JSON.stringify(rows);
}

export async function indexUserId({ url }: DemoDatabase): Promise<void> {
  await runCli(url, 'attribute', 'add', 'user_id', '--path', '$.userId', '--type', 'VARCHAR(64)');
  const listed = await runCli(url, 'attribute', 'list');
  const isListed = /user_id.*\$\.userId.*varchar\(64\)/i.test(listed);
  check('Sessions have the attribute user_id.', isListed, listed);
}

/** Creates the account of the application and grants it its roles. */
export async function createApplicationAccount(database: DemoDatabase): Promise<Account> {
  const account = await createAccount(database, 'app');
  await runCli(database.url, 'grant', account.name);
  for (const role of ['find_user_id', 'destroy_user_id']) {
    await runCli(database.url, 'grant', account.name, '--role', role);
  }

  const showGrants = `SHOW GRANTS FOR '${account.name}'@'%'`;
  command('dba>', showGrants);
  const grants = (await query(database.url, showGrants))
    .flatMap((row) => Object.values(row).map(String))
    // USAGE means no privileges. MariaDB shows the hash of the password with it.
    .filter((grant) => !grant.startsWith('GRANT USAGE ON *.* TO '));
  const routines = grants.map(
    (grant) => /^GRANT EXECUTE ON PROCEDURE \S+\.`(\S+)` TO/.exec(grant)?.[1],
  );
  answer(`GRANT EXECUTE ON PROCEDURE ${routines.join(', ')}`);
  const isExecuteOnly = routines.every((routine) => routine !== undefined);
  check(
    'The account can execute these routines and nothing else.',
    grants.length > 0 && isExecuteOnly,
    grants,
  );
  return account;
}

/** Creates an account without privileges. */
export async function createAccount(database: DemoDatabase, purpose: string): Promise<Account> {
  const name = `${database.name}_${purpose}`;
  // Password policies want letters of both cases, a digit and a special character.
  const password = `aA1!${randomBytes(12).toString('hex')}`;
  command('dba>', `CREATE USER '${name}'@'%' IDENTIFIED BY '…'`);
  await query(database.url, `CREATE USER '${name}'@'%' IDENTIFIED BY '${password}'`);
  return { name, url: Object.assign(new URL(database.url), { username: name, password }).href };
}

/** Prints the rows of a user's sessions, and returns their number. */
export async function showSessions({ url }: DemoDatabase, userId: string): Promise<number> {
  // The demo prints the start of an id only: the id is a secret. MySQL has a special type for JSON.
  const select = `SELECT LEFT(sid, 6) AS sid, CAST(sess AS CHAR) AS sess, expired
FROM sessions WHERE user_id = '${userId}'`;
  command('dba>', select);
  const rows = await query(url, select);
  const table = new Table({
    head: ['sid', 'sess', 'expired (UTC)'],
    colWidths: [8, 38, 25],
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [] },
  });
  table.push(...rows.map(({ sid, sess, expired }) => [sid, sess, expired]));
  answer(table.toString());
  return rows.length;
}

/** Reads what the guide shows of each session. */
export async function readSessions({ url }: DemoDatabase): Promise<SessionRow[]> {
  const rows = await query(
    url,
    `SELECT LEFT(sid, 6) AS sid, user_id AS userId, expired, updated_at AS updatedAt
     FROM sessions ORDER BY created_at`,
  );
  return rows as unknown as SessionRow[];
}

/** Sets the expiry of a session to the past. */
export async function expireSession({ url }: DemoDatabase, sid: string): Promise<void> {
  const update = `UPDATE sessions SET expired = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND
WHERE sid = `;
  command('dba>', `${update}'${sid.slice(0, 6)}…'`);
  await query(url, `${update}?`, [sid]);
}

/** Waits up to ten seconds for the cleanup to delete a session. */
export async function checkCleanup({ url }: DemoDatabase, sid: string): Promise<void> {
  let rows = await query(url, 'SELECT 1 FROM sessions WHERE sid = ?', [sid]);
  for (const end = Date.now() + 10_000; rows.length > 0 && Date.now() < end; ) {
    await sleep(100);
    rows = await query(url, 'SELECT 1 FROM sessions WHERE sid = ?', [sid]);
  }
  check('The cleanup has deleted the row.', rows.length === 0, `${rows.length} row`);
}

/** Checks that the server denies the account direct access to the table. */
export async function checkDenials({ url }: Account): Promise<void> {
  const denials: string[] = [];
  for (const sql of ['SELECT * FROM sessions', 'DELETE FROM sessions', 'DROP TABLE sessions']) {
    command('app>', sql);
    const outcome = await query(url, sql).then(
      () => 'The server ran the statement.',
      ({ errno, sqlState, message }) => `ERROR ${errno} (${sqlState}): ${message}`,
    );
    answer(outcome);
    denials.push(outcome);
  }
  const allDenied = denials.every((outcome) => outcome.startsWith('ERROR 1142 '));
  check('The server denies each statement.', allDenied, denials);
}
