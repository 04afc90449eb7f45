import { randomBytes } from 'node:crypto';
import { createConnection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import { check } from './check';
import { say } from './output';

/** A database of the demo's own, seen by its administrator. */
export interface DemoDatabase {
  readonly name: string;
  /** The administrator's URL, with the database in its path. */
  readonly url: string;
}

/** Makes a database for as long as the work lasts. */
export async function withDatabase(
  serverUrl: string,
  work: (database: DemoDatabase) => Promise<void>,
): Promise<void> {
  const name = `demo_${randomBytes(4).toString('hex')}`;
  const database = { name, url: Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href };
  await query(serverUrl, `CREATE DATABASE ${name}`);
  try {
    await work(database);
  } finally {
    await drop(serverUrl, name);
  }
  const left = [
    ...(await query(serverUrl, 'SHOW DATABASES LIKE ?', [`${name}%`])),
    ...(await accountsOf(serverUrl, name)),
  ];
  say('');
  check('The database of the demo is gone again, and so are its accounts.', left.length === 0, left);
}

/** Sends one statement as the account that the URL names. */
export async function query(
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

// MySQL drops no account that routines still need, so the database goes first.
async function drop(serverUrl: string, name: string): Promise<void> {
  await query(serverUrl, `DROP DATABASE ${name}`);
  for (const account of await accountsOf(serverUrl, name)) {
    await query(serverUrl, `DROP USER ${account}`);
  }
}

// Every account of the demo, the routines' definer among them, has a name that starts with the database's.
async function accountsOf(serverUrl: string, name: string): Promise<string[]> {
  const rows = await query(
    serverUrl,
    "SELECT CONCAT(QUOTE(user), '@', QUOTE(host)) AS account FROM mysql.user WHERE LEFT(user, LENGTH(?)) = ?",
    [name, name],
  );
  return rows.map(({ account }) => String(account));
}
