import { randomBytes } from 'node:crypto';
import test from 'ava';
import { Database } from '../../src/database/database';
import type { Scope } from './scope';
import { Slots } from './slots';
import { namePrefixOf } from './statement-log';

/** A new database for one scope, with a DBA's access to it. */
export interface TestDatabase {
  readonly name: string;
  /** The URL of the DBA's account, with this database. */
  readonly url: string;
  /** Runs a statement as the DBA, in this database. */
  readonly query: Database['query'];
  /** Creates an account without privileges. */
  createAccount(): Promise<TestAccount>;
}

export interface TestAccount {
  /** The name as in SQL, like `'app'@'%'`. */
  readonly name: string;
  /** The account's URL, with the database. It can connect after it has a grant there. */
  readonly url: string;
}

/** How many tests of a process use databases at once. AVA starts all tests of a file together. */
const slots = new Slots(2);

/** Waits until a test may use a database. */
export const acquireSlot = (scope: Scope) => slots.acquire(scope);

/** Creates a database. At the end of the scope, drops it and its accounts, and the definer too. */
export async function createDatabase(scope: Scope): Promise<TestDatabase> {
  await acquireSlot(scope);
  const name = `${namePrefixOf(test.meta.file)}${randomBytes(6).toString('hex')}`;
  const dba = Database.open(patient(dbaUrl()));
  scope.teardown(() => dba.close());
  await dba.query(`CREATE DATABASE ${name}`);
  scope.teardown(() => drop(dba, name));

  const url = patient(withDatabase(dbaUrl(), name));
  const database = openDatabase(scope, url);
  return {
    name,
    url,
    query: (sql, parameters) => database.query(sql, parameters),
    createAccount: () => createAccount(dba, name, url),
  };
}

/** Opens a connection pool. Closes it at the end of the scope. */
export function openDatabase(scope: Scope, url: string): Database {
  const database = Database.open(url);
  scope.teardown(() => database.close());
  return database;
}

function dbaUrl(): string {
  const url = process.env.MYSQL_URL;
  if (!url) {
    throw new Error(
      "MYSQL_URL is not set. Run `npm run test:suite`, or set it to the URL of a DBA's account.",
    );
  }
  return url;
}

/**
 * A busy machine can take longer to connect than the driver waits by default. Accounts of
 * applications have the default, because stores decide how long they wait.
 */
function patient(url: string): string {
  const patientUrl = new URL(url);
  patientUrl.searchParams.set('connectTimeout', '300000');
  return patientUrl.href;
}

function withDatabase(url: string, name: string): string {
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}

/** Starts the account's name with the database's name, by which `drop` finds it. */
async function createAccount(dba: Database, database: string, url: string): Promise<TestAccount> {
  const user = `${database}.${randomBytes(3).toString('hex')}`;
  const password = `aA1!${randomBytes(12).toString('hex')}`;
  const name = `'${user}'@'%'`;
  await dba.query(`CREATE USER ${name} IDENTIFIED BY '${password}'`);
  return { name, url: Object.assign(new URL(url), { username: user, password, search: '' }).href };
}

async function drop(dba: Database, name: string): Promise<void> {
  // The name of a definer can differ if the database's name is long: its routines have it. MySQL
  // drops no account that a routine needs, so the database must be dropped first.
  const accounts = await dba.query(
    `SELECT CONCAT(QUOTE(user), '@', QUOTE(host)) FROM mysql.user WHERE LEFT(user, ?) = ?
     UNION SELECT DISTINCT CONCAT(
       QUOTE(SUBSTRING_INDEX(definer, '@', 1)), '@', QUOTE(SUBSTRING_INDEX(definer, '@', -1))
     )
     FROM information_schema.routines WHERE routine_schema = ? AND definer <> CURRENT_USER()`,
    [name.length, name, name],
  );
  await dba.query(`DROP DATABASE ${name}`);
  for (const [account] of accounts) {
    await dba.query(`DROP USER IF EXISTS ${account}`);
  }
}
