import test from 'ava';
import type { Naming, Role } from '../../src/install';
import { resolveNames } from '../../src/install/sql/names';
import { connectionIds } from './connections';
import { acquireSlot, createDatabase, type TestAccount, type TestDatabase } from './database';
import { installFresh } from './fresh-install';
import { type Scope, SharedScope } from './scope';
import { waitUntil } from './wait-until';

/** A database with an installation, and an account that has only its roles. */
export interface InstalledDatabase extends TestDatabase {
  readonly account: TestAccount;
}

interface ReusableInstallation {
  readonly database: InstalledDatabase;
  /** Until when the database exists. */
  readonly scope: SharedScope;
}

/** What earlier tests of this file left as they had found it, by what was installed. */
const unused = new Map<string, ReusableInstallation[]>();
test.after.always(async () => {
  for (const { scope } of [...unused.values()].flat()) await scope.end();
});

/** The server of the suite. A server that a test boots can end before the file does. */
const suiteUrl = process.env.MYSQL_URL;

/** Statements that leave nothing behind but sessions. */
const harmless =
  /^\s*(?:SELECT|WITH|SHOW|CALL)\b|^\s*(?:INSERT INTO|UPDATE|DELETE FROM) `?sessions\b/;

/**
 * Returns an installation without sessions. An installation takes half the time of a test, so the
 * next test of the file gets it too, unless it may have changed. Calls of routines, and statements
 * that read or write sessions, do not change it. A test that asks for the name or the URL of the
 * database, or for another account, may change anything.
 */
export async function reuseInstallation(
  scope: Scope,
  roles: readonly Role[],
  naming: Naming,
): Promise<InstalledDatabase> {
  if (process.env.MYSQL_URL !== suiteUrl) return create(scope, roles, naming);
  await acquireSlot(scope);
  const key = JSON.stringify([roles, naming]);
  const waiting = unused.get(key) ?? [];
  unused.set(key, waiting);
  const installation = waiting.pop() ?? (await createReusable(roles, naming));
  const { database } = installation;
  const state = { isChanged: false };
  scope.teardown(async () => {
    if (state.isChanged) return installation.scope.end();
    await clear(database, resolveNames(naming).table);
    waiting.push(installation);
  });
  return watch(database, state);
}

async function create(
  scope: Scope,
  roles: readonly Role[],
  naming: Naming,
): Promise<InstalledDatabase> {
  const database = await createDatabase(scope);
  return { ...database, account: await installFresh(database, roles, naming) };
}

async function createReusable(
  roles: readonly Role[],
  naming: Naming,
): Promise<ReusableInstallation> {
  const scope = new SharedScope();
  return { scope, database: await create(scope, roles, naming) };
}

function watch(database: InstalledDatabase, state: { isChanged: boolean }): InstalledDatabase {
  return {
    get name() {
      state.isChanged = true;
      return database.name;
    },
    get url() {
      state.isChanged = true;
      return database.url;
    },
    query: (sql, parameters) => {
      state.isChanged ||= !harmless.test(sql);
      return database.query(sql, parameters);
    },
    createAccount: () => {
      state.isChanged = true;
      return database.createAccount();
    },
    account: database.account,
  };
}

/** Deletes the sessions, once no connection of the account can write another. */
async function clear({ query, account }: InstalledDatabase, table: string): Promise<void> {
  const access = { query, accountUrl: account.url };
  await waitUntil(async () => (await connectionIds(access)).length === 0);
  await query(`DELETE FROM \`${table}\``);
}
