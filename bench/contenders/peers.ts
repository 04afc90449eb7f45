import { RedisStore } from 'connect-redis';
import { ConnectSessionKnexStore } from 'connect-session-knex';
import mysqlStoreOf from 'express-mysql-session';
import session, { MemoryStore } from 'express-session';
import knex from 'knex';
import { createClient } from 'redis';
import type { Contender } from './contender';
import { createDatabase, runAsDba } from './mysql-database';

export const expressMysqlSession: Contender = {
  name: 'express-mysql-session',
  packages: ['express-mysql-session'],
  server: 'mysql',
  table: {
    name: 'sessions',
    fill: (rows) => `
      INSERT INTO sessions (session_id, data, expires)
      SELECT sid, text, UNIX_TIMESTAMP() + seconds FROM (${rows}) AS new
      ON DUPLICATE KEY UPDATE expires = VALUES(expires)`,
    expired: 'expires < UNIX_TIMESTAMP()',
  },
  prepare: (serverUrl, name) => createDatabase(serverUrl, name, 'ALL'),
  open: async ({ url, adminUrl }, cleansUp) => {
    const { hostname, port, username, password, pathname } = new URL(url);
    const store = new (mysqlStoreOf(session))({
      host: hostname,
      port: Number(port),
      user: username,
      password,
      database: pathname.slice(1),
      connectionLimit: 10,
      clearExpired: cleansUp,
    });
    await store.onReady();
    return {
      store,
      age: () => runAsDba(adminUrl, 'UPDATE sessions SET expires = expires - 90'),
      cleanUp: () => store.clearExpiredSessions(),
    };
  },
};

export const connectSessionKnex: Contender = {
  name: 'connect-session-knex',
  packages: ['connect-session-knex', 'knex', 'mysql2'],
  server: 'mysql',
  table: {
    name: 'sessions',
    fill: (rows) => `
      INSERT INTO sessions (sid, sess, expired)
      SELECT sid, text, UTC_TIMESTAMP() + INTERVAL seconds SECOND FROM (${rows}) AS new
      ON DUPLICATE KEY UPDATE expired = VALUES(expired)`,
    expired: 'expired < UTC_TIMESTAMP()',
  },
  prepare: (serverUrl, name) => createDatabase(serverUrl, name, 'ALL'),
  open: async ({ url, adminUrl }, cleansUp) => {
    const store = new ConnectSessionKnexStore({
      knex: knex({ client: 'mysql2', connection: url, pool: { min: 0, max: 10 } }),
      ...(cleansUp ? {} : { cleanupInterval: 0 }),
    });
    await store.ready;
    return {
      store,
      age: () => runAsDba(adminUrl, 'UPDATE sessions SET expired = expired - INTERVAL 90 SECOND'),
      // The method is private in the types only.
      cleanUp: () => (store as unknown as { dbCleanup(): Promise<void> }).dbCleanup(),
    };
  },
};

export const connectRedis: Contender = {
  name: 'connect-redis',
  packages: ['connect-redis', 'redis'],
  server: 'redis',
  prepare: async (url) => ({ url, adminUrl: url }),
  // One connection, as its manual says. It sends commands without waiting for earlier replies.
  open: async ({ url }) => {
    return { store: new RedisStore({ client: await createClient({ url }).connect() }) };
  },
};

export const memoryStore: Contender = {
  name: 'MemoryStore',
  packages: ['express-session'],
  prepare: async () => ({ url: '', adminUrl: '' }),
  open: async () => ({ store: new MemoryStore() }),
};
