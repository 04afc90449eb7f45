import { MySQLSessionStore } from 'knex-mysql-session';
import { grant, install } from 'knex-mysql-session/install';
import type { Server } from '../servers';
import type { Contender, Place, Table } from './contender';
import { command, createDatabase } from './mysql-database';

/** Installs the package in a database of its own, and lets an account that may do nothing else execute the routines. */
export async function installIn(
  server: Server | undefined,
  database: string,
  rights?: string,
): Promise<Place & { readonly account: string }> {
  const { account, url, adminUrl } = await createDatabase(server, database, rights);
  await install({ connection: adminUrl });
  await grant({ connection: adminUrl }, account);
  return { account, url, adminUrl };
}

export const ownTable: Table = {
  name: 'sessions',
  fill: (numbers, { id, seconds, data }) => `
    INSERT INTO sessions (sid, sess, expired, created_at, updated_at)
    SELECT ${id}, ${data}, UTC_TIMESTAMP(3) + INTERVAL ${seconds} SECOND, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)
    FROM (${numbers}) AS numbers
    ON DUPLICATE KEY UPDATE expired = VALUES(expired)`,
  expired: 'expired <= UTC_TIMESTAMP(3)',
};

/** By more than the minute that a row may outlive its cookie. */
export const ageing = 'UPDATE sessions SET expired = expired - INTERVAL 90 SECOND';

export const knexMysqlSession: Contender = {
  name: 'knex-mysql-session',
  packages: ['knex-mysql-session', 'knex', 'mysql2'],
  server: 'mysql',
  table: ownTable,
  prepare: (server, name) => installIn(server, name),
  open: async ({ url, adminUrl }, cleansUp) => {
    const store = new MySQLSessionStore({ connection: url, disableDbCleanup: !cleansUp });
    await store.ready();
    return { store, age: () => command(adminUrl, ageing), cleanUp: () => store.gc() };
  },
};
