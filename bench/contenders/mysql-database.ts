import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import type { Database } from './contender';

/** Runs statements as a DBA, on a connection that closes afterwards. */
export async function runAsDba(url: string, ...statements: string[]): Promise<void> {
  const connection = await createConnection(url);
  try {
    for (const statement of statements) await connection.query(statement);
  } finally {
    await connection.end();
  }
}

/** Creates a database and an account of the same name. */
export async function createDatabase(
  serverUrl: string,
  name: string,
  privileges?: string,
): Promise<Database & { readonly account: string }> {
  const password = randomBytes(12).toString('hex');
  const account = `'${name}'@'%'`;
  await runAsDba(
    serverUrl,
    `CREATE DATABASE ${name} CHARACTER SET utf8mb4`,
    `CREATE USER ${account} IDENTIFIED BY '${password}'`,
    ...(privileges ? [`GRANT ${privileges} ON ${name}.* TO ${account}`] : []),
  );
  const pathname = `/${name}`;
  return {
    account,
    url: Object.assign(new URL(serverUrl), { pathname, username: name, password }).href,
    adminUrl: Object.assign(new URL(serverUrl), { pathname }).href,
  };
}
