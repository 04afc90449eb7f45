import { randomBytes } from 'node:crypto';
import { type DemoDatabase, query } from './database';
import { command } from './output';

/** An account of the server. */
export interface Account {
  readonly name: string;
  /** Its URL, with the database in its path. */
  readonly url: string;
}

/** Creates an account that may do nothing yet, as the DBA. */
export async function createAccount(database: DemoDatabase, purpose: string): Promise<Account> {
  const name = `${database.name}_${purpose}`;
  const password = `aA1!${randomBytes(12).toString('hex')}`;
  command('dba>', `CREATE USER '${name}'@'%' IDENTIFIED BY '…'`);
  await query(database.url, `CREATE USER '${name}'@'%' IDENTIFIED BY '${password}'`);
  return { name, url: Object.assign(new URL(database.url), { username: name, password }).href };
}
