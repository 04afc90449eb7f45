import { ConnectSessionKnexStore } from 'connect-session-knex';
import knex from 'knex';
import type { Contender } from './contender';
import { command, createDatabase } from './mysql-database';

export const connectSessionKnex: Contender = {
  name: 'connect-session-knex',
  packages: ['connect-session-knex', 'knex', 'mysql2'],
  server: 'mysql',
  table: {
    name: 'sessions',
    fill: (numbers, { id, seconds, data }) => `
      INSERT INTO sessions (sid, sess, expired)
      SELECT ${id}, ${data}, UTC_TIMESTAMP() + INTERVAL ${seconds} SECOND FROM (${numbers}) AS numbers
      ON DUPLICATE KEY UPDATE expired = VALUES(expired)`,
    expired: 'expired < UTC_TIMESTAMP()',
  },
  prepare: (server, name) => createDatabase(server, name, 'ALL'),
  open: async ({ url, adminUrl }, cleansUp) => {
    const store = new ConnectSessionKnexStore({
      knex: knex({ client: 'mysql2', connection: url, pool: { min: 0, max: 10 } }),
      ...(cleansUp ? {} : { cleanupInterval: 0 }),
    });
    await store.ready;
    return {
      store,
      age: () => command(adminUrl, 'UPDATE sessions SET expired = expired - INTERVAL 90 SECOND'),
      // Private only to the types.
      cleanUp: () => (store as unknown as { dbCleanup(): Promise<void> }).dbCleanup(),
    };
  },
};
