import type { SessionData } from 'express-session';
import knex, { type Knex } from 'knex';
import { MySQLSessionStore } from '../../src';
import type { Naming, Role } from '../../src/install';
import type { SessionOptions } from '../../src/options/store-options';
import type { TestDatabase } from './database';
import { reuseInstallation } from './reused-installation';
import type { Scope } from './scope';

/** An installation, and an account with the grants of some roles only. */
export interface TestInstallation extends TestDatabase {
  readonly accountUrl: string;
}

/** Returns an installation, and an account with roles. */
export async function createInstallation(
  scope: Scope,
  roles: readonly Role[] = ['application', 'operator'],
  naming: Naming = {},
): Promise<TestInstallation> {
  const database = await reuseInstallation(scope, roles, naming);
  return Object.assign(database, { accountUrl: database.account.url });
}

/** Milliseconds. A busy machine must not fail a test, so calls get more time than by default. */
export const patientBudget = 60_000;

/**
 * Opens a store, by default without scheduled cleanups and with patience. Closes it at the end of
 * the scope.
 */
export function openStore(
  scope: Scope,
  connection: string | readonly string[],
  options: SessionOptions<SessionData> = {},
): MySQLSessionStore {
  const store = new MySQLSessionStore({
    connection,
    disableDbCleanup: true,
    retryBudget: patientBudget,
    ...options,
  });
  scope.teardown(() => store.close());
  return store;
}

/** Opens a store as an application gets it, with the default retry budget: to test failures. */
export function openDefaultStore(
  scope: Scope,
  connection: string | readonly string[],
  options: SessionOptions<SessionData> = {},
): MySQLSessionStore {
  return openStore(scope, connection, { retryBudget: undefined, ...options });
}

export interface TestStore extends TestInstallation {
  readonly store: MySQLSessionStore;
}

/** Creates an installation, and opens a store with its account. */
export async function createStore(
  scope: Scope,
  options?: SessionOptions<SessionData>,
): Promise<TestStore> {
  const installation = await createInstallation(scope);
  return Object.assign(installation, {
    store: openStore(scope, installation.accountUrl, options),
  });
}

export interface PooledStore extends TestStore {
  /** The application's pool. */
  readonly pool: Knex;
}

/**
 * Creates an installation, and opens a store on a pool of the application. The pool has one
 * connection: every call meets what an earlier one left.
 */
export async function createPooledStore(
  scope: Scope,
  options: SessionOptions<SessionData> = {},
  {
    connection,
    ...config
  }: Omit<Knex.Config, 'connection'> & {
    connection?: Partial<Knex.MySql2ConnectionConfig> | undefined;
  } = {},
): Promise<PooledStore> {
  const installation = await createInstallation(scope);
  const pool = knex({
    client: 'mysql2',
    connection: { uri: installation.accountUrl, ...connection },
    pool: { min: 0, max: 1 },
    ...config,
  });
  scope.teardown(() => pool.destroy());
  const store = new MySQLSessionStore({
    knex: pool,
    disableDbCleanup: true,
    retryBudget: patientBudget,
    ...options,
  });
  scope.teardown(() => store.close());
  return Object.assign(installation, { pool, store });
}

declare module 'express-session' {
  interface SessionData {
    /** Any data of a test. */
    value?: unknown;
  }
}

/** Returns a session as express-session passes it to a store. `maxAge` is in milliseconds. */
export function session(value?: unknown, maxAge: number | null = 60_000): SessionData {
  const expires = maxAge === null ? null : new Date(Date.now() + maxAge);
  return { cookie: { originalMaxAge: maxAge, expires, httpOnly: true, path: '/' }, value };
}

/** Returns the sorted ids of all sessions. */
export async function idsIn({ query }: Pick<TestInstallation, 'query'>): Promise<string[]> {
  const rows = await query('SELECT sid FROM sessions ORDER BY sid');
  return rows.map(([sid]) => String(sid));
}

/** Sets the expiry of all sessions, in milliseconds from now. A negative number expires them. */
export async function setExpiry({ query }: TestDatabase, milliseconds: number): Promise<void> {
  await query('UPDATE sessions SET expired = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND', [
    milliseconds * 1_000,
  ]);
}

/** Returns the milliseconds until each session expires, by its id. */
export async function millisecondsLeft({ query }: TestDatabase): Promise<Record<string, number>> {
  const rows = await query(
    'SELECT sid, TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), expired) DIV 1000 FROM sessions',
  );
  return Object.fromEntries(rows.map(([sid, left]) => [String(sid), Number(left)]));
}
