import session, { type SessionData } from 'express-session';
import knex from 'knex';
import { ArgumentError, MySQLSessionStore, type StoreOptions } from 'knex-mysql-session';
import { install } from 'knex-mysql-session/install';

declare module 'express-session' {
  interface SessionData {
    user?: { id: number };
  }
}

const store = new MySQLSessionStore({ knex: knex({ client: 'mysql2' }) });
session({ store, secret: 'secret' });

const found: SessionData | null = await store.get('sid');
const id: number | undefined = found?.user?.id;
store.get('sid', (_error, data) => data?.user?.id === id);
await store.set('sid', { cookie: { originalMaxAge: null }, user: { id: 1 } } as SessionData);
const deleted: number = await store.gc();
install({ connection: 'mysql://dba@db.example/shop' });

export const options: StoreOptions<SessionData> = {
  connection: 'mysql://app@db.example/shop',
  ttl: ({ user }) => (user ? deleted : 1_000),
  serializer: JSON,
};

// @ts-expect-error the session's data have their types
found?.user?.name;
// @ts-expect-error nowhere to connect to
new MySQLSessionStore({});
// @ts-expect-error one of the two
new MySQLSessionStore({ knex: knex({}), connection: 'mysql://app@db.example/shop' });
// @ts-expect-error an option that does not exist
new MySQLSessionStore({ connection: '', tableName: 'sessions' });
// @ts-expect-error no number of milliseconds
new MySQLSessionStore({ connection: '', ttl: '1d' });
// @ts-expect-error no write mode
new MySQLSessionStore({ connection: '', writeMode: 'overwrite' });
// @ts-expect-error an id is a text
store.destroy(1);

export const isArgumentError = (error: unknown): string | undefined =>
  error instanceof ArgumentError ? error.argument : undefined;
