import type { ExecutionContext } from 'ava';
import { ConnectSessionKnexStore } from 'connect-session-knex';
import mysqlStoreOf from 'express-mysql-session';
import session, { type SessionData, type Store } from 'express-session';
import knex from 'knex';
import type { MySQLSessionStore } from '../../../src';
import { type Adoption, adopt } from '../../../src/install';
import type { TestDatabase } from '../../support/database';
import { isFullRun } from '../../support/scale';
import { openStore } from '../../support/store';
import { createInstallation, type TestInstallation } from '../installation';

/** A store of another package, with the table that it created. */
export interface OldStore {
  readonly store: Store;
  readonly table: string;
  /** The names of the columns for the id, the data and the expiry. */
  readonly columns: { readonly id: string; readonly data: string; readonly expiry: string };
  /** Returns SQL for an expiry in some seconds, as the store writes it. */
  readonly expiryIn: (seconds: number) => string;
}

export type OldStoreOpener = (
  t: ExecutionContext,
  database: TestDatabase,
  columns?: OldStore['columns'],
) => Promise<OldStore>;

const table = 'old_sessions';

export async function openConnectSessionKnex(
  t: ExecutionContext,
  { url }: TestDatabase,
  { id, data, expiry } = { id: 'sid', data: 'sess', expiry: 'expired' },
): Promise<OldStore> {
  const pool = knex({ client: 'mysql2', connection: url, pool: { min: 0, max: 3 } });
  t.teardown(() => pool.destroy());
  const store = new ConnectSessionKnexStore({
    knex: pool,
    tableName: table,
    sidFieldName: id,
    cleanupInterval: 0,
  });
  await store.ready;
  return {
    store,
    table,
    columns: { id, data, expiry },
    expiryIn: (seconds) => `UTC_TIMESTAMP() + INTERVAL ${seconds} SECOND`,
  };
}

export async function openExpressMysqlSession(
  t: ExecutionContext,
  database: TestDatabase,
  columns = { id: 'session_id', data: 'data', expiry: 'expires' },
): Promise<OldStore> {
  const { hostname, port, username, password } = new URL(database.url);
  const MySQLStore = mysqlStoreOf(session);
  const store = new MySQLStore({
    host: hostname,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: database.name,
    clearExpired: false,
    schema: {
      tableName: table,
      columnNames: { session_id: columns.id, expires: columns.expiry, data: columns.data },
    },
  });
  await store.onReady();
  t.teardown(() => store.close());
  return { store, table, columns, expiryIn: (seconds) => `UNIX_TIMESTAMP() + ${seconds}` };
}

export const oldStores = {
  'connect-session-knex': openConnectSessionKnex,
  'express-mysql-session': openExpressMysqlSession,
} as const satisfies Record<string, OldStoreOpener>;

/** The stores that this run tests, with their names. */
export const testedStores: Array<[name: string, open: OldStoreOpener]> = Object.entries(
  oldStores,
).slice(isFullRun ? 0 : 1);

/** Saves a session with a real Cookie, as express-session does. */
export function saveSession(store: Store, sid: string, data: SessionData): Promise<void> {
  const cookie = Object.assign(new session.Cookie(), data.cookie);
  return new Promise((resolve, reject) => {
    store.set(sid, { ...data, cookie }, (error) => (error ? reject(error) : resolve()));
  });
}

/** Inserts a row that the store itself would not write. */
export async function insertRow(
  { query }: TestDatabase,
  { table: name, columns, expiryIn }: OldStore,
  sid: string,
  data: string | null,
  seconds = 3_600,
): Promise<void> {
  await query(
    `INSERT INTO ${name} (${columns.id}, ${columns.data}, ${columns.expiry}) VALUES (?, ?, ${expiryIn(seconds)})`,
    [sid, data],
  );
}

/** An installation next to the table of another package. */
export interface Move extends TestInstallation {
  readonly old: OldStore;
  readonly store: MySQLSessionStore;
  /** Adopts the old table. */
  run(dryRun?: boolean): Promise<Adoption>;
}

export async function createMove(t: ExecutionContext, open: OldStoreOpener): Promise<Move> {
  const installation = await createInstallation(t);
  const old = await open(t, installation);
  return {
    ...installation,
    old,
    store: openStore(t, installation.account.url),
    run: (dryRun = false) => adopt({ connection: installation.url }, old.table, { dryRun }),
  };
}
