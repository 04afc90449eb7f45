import { randomBytes } from 'node:crypto';
import { type Connection, createConnection } from 'mysql2/promise';
import type { Server } from '../servers';
import type { Place } from './contender';

/** Connects as an administrator for as long as the work takes. */
export async function administer<Result>(
  url: string,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = await createConnection(url);
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}

/** Sends one statement as an administrator. */
export async function command(url: string, sql: string): Promise<void> {
  await administer(url, (connection) => connection.query(sql));
}

/** Makes an empty database, and an account that may do what `rights` say in it: nothing unless they say so. */
export async function createDatabase(
  server: Server | undefined,
  database: string,
  rights?: string,
): Promise<Place & { account: string }> {
  if (!server) throw new Error('There is no server for this contender');
  const user = `${database.slice(0, 24)}.${randomBytes(3).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  const account = `'${user}'@'%'`;
  await administer(server.url, async (connection) => {
    await connection.query(`DROP DATABASE IF EXISTS ${database}`);
    await connection.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
    await connection.query(`CREATE USER ${account} IDENTIFIED BY '${password}'`);
    if (rights) await connection.query(`GRANT ${rights} ON ${database}.* TO ${account}`);
  });
  const pathname = `/${database}`;
  return {
    account,
    url: Object.assign(new URL(server.url), { pathname, username: user, password }).href,
    adminUrl: Object.assign(new URL(server.url), { pathname }).href,
  };
}
