import mysqlStoreOf from 'express-mysql-session';
import session from 'express-session';
import type { Contender } from './contender';
import { command, createDatabase } from './mysql-database';

export const expressMysqlSession: Contender = {
  name: 'express-mysql-session',
  packages: ['express-mysql-session'],
  server: 'mysql',
  table: {
    name: 'sessions',
    fill: (numbers, { id, seconds, data }) => `
      INSERT INTO sessions (session_id, data, expires)
      SELECT ${id}, ${data}, UNIX_TIMESTAMP() + ${seconds} FROM (${numbers}) AS numbers
      ON DUPLICATE KEY UPDATE expires = VALUES(expires)`,
    expired: 'expires < UNIX_TIMESTAMP()',
  },
  prepare: (server, name) => createDatabase(server, name, 'ALL'),
  open: async ({ url, adminUrl }, cleansUp) => {
    const { hostname, port, username, password, pathname } = new URL(url);
    const MySQLStore = mysqlStoreOf(session);
    const store = new MySQLStore({
      host: hostname,
      port: Number(port || 3306),
      user: decodeURIComponent(username),
      password,
      database: pathname.slice(1),
      connectionLimit: 10,
      clearExpired: cleansUp,
    });
    await store.onReady();
    return {
      store,
      age: () => command(adminUrl, 'UPDATE sessions SET expires = expires - 90'),
      cleanUp: () => store.clearExpiredSessions(),
    };
  },
};
