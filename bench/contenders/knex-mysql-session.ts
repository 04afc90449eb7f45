import { type SessionData, Store } from 'express-session';
import { MySQLSessionStore } from 'knex-mysql-session';
import { grant, install } from 'knex-mysql-session/install';
import { createPool, type Pool } from 'mysql2/promise';
import type { Contender, Database } from './contender';
import { createDatabase, runAsDba } from './mysql-database';

const now = 'UTC_TIMESTAMP(3)';

/** More than the minute by which a row may outlive its cookie, so every touch must write. */
const age = 'UPDATE sessions SET expired = expired - INTERVAL 90 SECOND';

export const knexMysqlSession: Contender = {
  name: 'knex-mysql-session',
  packages: ['knex-mysql-session', 'knex', 'mysql2'],
  server: 'mysql',
  table: {
    name: 'sessions',
    fill: (rows) => `
      INSERT INTO sessions (sid, sess, expired, created_at, updated_at)
      SELECT sid, text, ${now} + INTERVAL seconds SECOND, ${now}, ${now}
      FROM (${rows}) AS new ON DUPLICATE KEY UPDATE expired = VALUES(expired)`,
    expired: `expired <= ${now}`,
  },
  prepare: (serverUrl, name) => installIn(serverUrl, name),
  open: async ({ url, adminUrl }, cleansUp) => {
    const store = new MySQLSessionStore({ connection: url, disableDbCleanup: !cleansUp });
    await store.ready();
    return { store, age: () => runAsDba(adminUrl, age), cleanUp: () => store.gc() };
  },
};

/** The limit of any store on this package's table: prepared statements without routines. */
export const preparedStatements: Contender = {
  name: 'mysql2 execute SQL',
  packages: ['mysql2'],
  server: 'mysql',
  prepare: (serverUrl, name) => installIn(serverUrl, name, 'SELECT, INSERT, UPDATE, DELETE'),
  open: async ({ url, adminUrl }) => {
    // The routines return JSON as text, too.
    const pool = createPool({ uri: url, connectionLimit: 10, jsonStrings: true });
    return { store: new PreparedStatementStore(pool), age: () => runAsDba(adminUrl, age) };
  },
};

async function installIn(serverUrl: string, name: string, privileges?: string): Promise<Database> {
  const { account, url, adminUrl } = await createDatabase(serverUrl, name, privileges);
  await install({ connection: adminUrl });
  await grant({ connection: adminUrl }, account);
  return { url, adminUrl };
}

type Done = (error?: unknown) => void;

const inOneDay = `${now} + INTERVAL 1 DAY`;

const sql = {
  get: `SELECT sess FROM sessions WHERE sid = ? AND expired > ${now}`,
  set: `INSERT INTO sessions (sid, sess, expired, created_at, updated_at)
    VALUES (?, ?, ${inOneDay}, ${now}, ${now})
    ON DUPLICATE KEY UPDATE
      sess = VALUES(sess), expired = VALUES(expired), updated_at = VALUES(updated_at)`,
  touch: `UPDATE sessions SET expired = ${inOneDay}, updated_at = ${now} WHERE sid = ?`,
  destroy: 'DELETE FROM sessions WHERE sid = ?',
};

/** The least that a store can do: no checks and no options. */
class PreparedStatementStore extends Store {
  constructor(private readonly pool: Pool) {
    super();
  }

  override get(sid: string, done: (error: unknown, session?: SessionData | null) => void): void {
    this.pool.execute({ sql: sql.get, rowsAsArray: true }, [sid]).then(([rows]) => {
      const [row] = rows as unknown[][];
      done(null, row ? JSON.parse(String(row[0])) : null);
    }, done);
  }

  override set(sid: string, session: SessionData, done: Done): void {
    this.pool.execute(sql.set, [sid, JSON.stringify(session)]).then(() => done(), done);
  }

  override touch(sid: string, _session: SessionData, done: Done): void {
    this.pool.execute(sql.touch, [sid]).then(() => done(), done);
  }

  override destroy(sid: string, done: Done): void {
    this.pool.execute(sql.destroy, [sid]).then(() => done(), done);
  }
}
