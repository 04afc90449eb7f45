import { randomBytes } from 'node:crypto';
import { Database } from '../src/database';
import type { Scope } from './scope';

/** A database that nobody else uses, and the administrator's hand on it. */
export interface TestDatabase {
  readonly name: string;
  /** The administrator's URL, with this database in its path. */
  readonly url: string;
  /** Asks as the administrator, in this database. */
  readonly query: Database['query'];
  /** Makes an account that may do nothing. */
  createAccount(): Promise<TestAccount>;
}

export interface TestAccount {
  /** As people write it: `'app'@'%'`. */
  readonly name: string;
  /** The account's URL, with the database in its path: it may connect once it has a grant there. */
  readonly url: string;
}

/** Makes a database; when the test is over it goes, with every account made for it, the definer included. */
export async function createDatabase(t: Scope): Promise<TestDatabase> {
  const name = `${process.env.TEST_DATABASE_PREFIX ?? 't'}${randomBytes(6).toString('hex')}`;
  const administrator = Database.open(administratorsUrl());
  t.teardown(() => administrator.close());
  await administrator.query(`CREATE DATABASE ${name}`);
  t.teardown(() => drop(administrator, name));

  const url = withDatabase(administratorsUrl(), name);
  const database = openDatabase(t, url);
  return {
    name,
    url,
    query: (sql, parameters) => database.query(sql, parameters),
    createAccount: () => createAccount(administrator, name, url),
  };
}

/** Opens a pool, and closes it when the test is over. */
export function openDatabase(t: Scope, url: string): Database {
  const database = Database.open(url);
  t.teardown(() => database.close());
  return database;
}

function administratorsUrl(): string {
  const url = process.env.MYSQL_URL;
  if (!url) {
    throw new Error(
      "The tests need a server: run npm run test:suite, or set MYSQL_URL to an administrator's",
    );
  }
  return url;
}

function withDatabase(url: string, name: string): string {
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}

// Every account's name starts with the database's, by which they are found again.
async function createAccount(administrator: Database, database: string, url: string): Promise<TestAccount> {
  const user = `${database}.${randomBytes(3).toString('hex')}`;
  const password = `aA1!${randomBytes(12).toString('hex')}`;
  const name = `'${user}'@'%'`;
  await administrator.query(`CREATE USER ${name} IDENTIFIED BY '${password}'`);
  return { name, url: Object.assign(new URL(url), { username: user, password }).href };
}

async function drop(administrator: Database, name: string): Promise<void> {
  // A definer with a long prefix has a name of its own; it is found by its routines. MySQL drops no
  // account that routines still need, so the database goes first.
  const accounts = await administrator.query(
    `SELECT CONCAT(QUOTE(user), '@', QUOTE(host)) FROM mysql.user WHERE LEFT(user, ?) = ?
     UNION SELECT DISTINCT CONCAT(QUOTE(SUBSTRING_INDEX(definer, '@', 1)), '@', QUOTE(SUBSTRING_INDEX(definer, '@', -1)))
     FROM information_schema.routines WHERE routine_schema = ? AND definer <> CURRENT_USER()`,
    [name.length, name, name],
  );
  await administrator.query(`DROP DATABASE ${name}`);
  for (const [account] of accounts) {
    await administrator.query(`DROP USER IF EXISTS ${account}`);
  }
}
