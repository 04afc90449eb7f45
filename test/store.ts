import type { SessionData } from 'express-session';
import { MySQLSessionStore } from '../src';
import { grant, install, type Role } from '../src/install';
import type { SessionOptions } from '../src/options';
import { createDatabase, type TestDatabase } from './database';
import type { Scope } from './scope';

/** An installation, and the URL of an account that may do nothing but what its roles allow. */
export interface TestInstallation extends TestDatabase {
  readonly accountUrl: string;
}

export async function createInstallation(
  t: Scope,
  roles: readonly Role[] = ['application', 'operator'],
): Promise<TestInstallation> {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const account = await database.createAccount();
  for (const role of roles) {
    await grant({ connection: database.url }, account.name, role);
  }
  return { ...database, accountUrl: account.url };
}

/** A store on the account's connection; nothing is cleaned up behind the test's back unless it says so. */
export function openStore(
  t: Scope,
  connection: string | readonly string[],
  options: SessionOptions<SessionData> = {},
): MySQLSessionStore {
  const store = new MySQLSessionStore({ connection, disableDbCleanup: true, ...options });
  t.teardown(() => store.close());
  return store;
}

export interface TestStore extends TestInstallation {
  readonly store: MySQLSessionStore;
}

export async function createStore(t: Scope, options?: SessionOptions<SessionData>): Promise<TestStore> {
  const installation = await createInstallation(t);
  return { ...installation, store: openStore(t, installation.accountUrl, options) };
}

declare module 'express-session' {
  interface SessionData {
    /** Whatever a test puts into a session. */
    value?: unknown;
  }
}

/** A session as express-session would hand it to a store. */
export function session(value?: unknown, maxAge: number | null = 60_000): SessionData {
  const expires = maxAge === null ? null : new Date(Date.now() + maxAge);
  return { cookie: { originalMaxAge: maxAge, expires, httpOnly: true, path: '/' }, value };
}

/** The ids of all sessions, in order. */
export async function idsIn({ query }: Pick<TestInstallation, 'query'>): Promise<string[]> {
  const rows = await query('SELECT sid FROM sessions ORDER BY sid');
  return rows.map(([sid]) => String(sid));
}

/** Makes every session expire, or live, by so many milliseconds from the server's now. */
export async function moveExpiry({ query }: TestDatabase, milliseconds: number): Promise<void> {
  await query('UPDATE sessions SET expired = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND', [
    milliseconds * 1_000,
  ]);
}

/** How many milliseconds each session has left, by its id. */
export async function millisecondsLeft({ query }: TestDatabase): Promise<Record<string, number>> {
  const rows = await query(
    'SELECT sid, TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), expired) DIV 1000 FROM sessions',
  );
  return Object.fromEntries(rows.map(([sid, left]) => [String(sid), Number(left)]));
}
