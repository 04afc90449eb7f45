import { promisify } from 'node:util';
import pgStoreOf from 'connect-pg-simple';
import session from 'express-session';
import { Client, Pool } from 'pg';
import type { Contender } from './contender';

export const connectPgSimple: Contender = {
  name: 'connect-pg-simple',
  packages: ['connect-pg-simple', 'pg'],
  server: 'postgresql',
  table: {
    name: 'session',
    fill: (numbers, { id, seconds, data }) => `
      INSERT INTO session (sid, sess, expire)
      SELECT ${id}, ${data}::json, now() + (${seconds}) * interval '1 second' FROM (${numbers}) AS numbers
      ON CONFLICT (sid) DO UPDATE SET expire = excluded.expire`,
    expired: 'expire < now()',
  },
  prepare: async (server, name) => {
    if (!server) throw new Error('There is no server for this contender');
    const client = new Client({ connectionString: `${server.url}/postgres` });
    await client.connect();
    await client.query(`DROP DATABASE IF EXISTS ${name}`);
    await client.query(`CREATE DATABASE ${name}`);
    await client.end();
    return { url: `${server.url}/${name}`, adminUrl: `${server.url}/${name}` };
  },
  open: async ({ url }, cleansUp) => {
    const PgStore = pgStoreOf(session);
    const store = new PgStore({
      pool: new Pool({ connectionString: url, max: 10 }),
      createTableIfMissing: true,
      ...(cleansUp ? {} : { pruneSessionInterval: false }),
    });
    // The first call makes the table.
    await promisify(store.get.bind(store))('nobody');
    return { store, cleanUp: promisify(store.pruneSessions.bind(store)) };
  },
};
