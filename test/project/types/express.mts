import session, { type SessionData } from 'express-session';
import knex from 'knex';
import {
  ArgumentError,
  type EncryptionOptions,
  MySQLSessionStore,
  type StoreOptions,
} from 'knex-mysql-session';
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

interface MySessionData extends SessionData {
  cart: string[];
}
const typed = new MySQLSessionStore<MySessionData, { user_id: 'number' }>({
  connection: '',
  ttl: ({ cart }) => cart.length,
  attributes: { user_id: 'number' },
});
session({ store: typed, secret: 'secret' });
const cart: string[] | undefined = (await typed.get('sid'))?.cart;
typed.get('sid', (_error, data) => data?.cart === cart);
for await (const { session: data } of typed.findBy('user_id', 42)) data.cart.push('');
// @ts-expect-error the session has no such data
(await typed.get('sid'))?.basket;

typed.on('created', (sid, data) => data.cart.push(sid)).once('touched', (_sid, data) => data?.cart);
store.off('destroyed', (sid, reason) => reason === 'limit' && sid.length > 0);
// @ts-expect-error no event of this name
store.on('create', () => {});
// @ts-expect-error no such argument
store.on('connect', (sid: string) => sid);
// @ts-expect-error a reason that no session has
store.on('destroyed', (_sid, reason) => reason === 'logout');

const finder = new MySQLSessionStore({
  connection: 'mysql://app@db.example/shop',
  attributes: { user_id: 'number', email: 'string' },
});
for await (const { id: sid, session: data, expires, createdAt } of finder.findBy('user_id', 42)) {
  const found: [string, number | undefined, Date, Date] = [sid, data.user?.id, expires, createdAt];
  await finder.destroyBy('email', 'ann@example.org', { except: found[0] });
}
const encryption: EncryptionOptions = { keys: ['as base64', new Uint8Array(32)] };
const sealed = new MySQLSessionStore({ connection: '', hashIds: true, encryption });
const stored: string = sealed.storedId('sid');
sealed.destroyStored(stored, (error) => error);
await sealed.destroyStored(stored);
const ended: number = await finder.destroyBy('user_id', 42);
finder.destroyBy('user_id', 42, {}, (_error, count) => count === ended);

// @ts-expect-error an attribute that was not declared
finder.findBy('tenant', 42);
// @ts-expect-error a number that was declared as one
finder.findBy('user_id', '42');
// @ts-expect-error a string that was declared as one
finder.destroyBy('email', 42);
// @ts-expect-error no option of this name
finder.destroyBy('user_id', 42, { exept: 'sid' });
// @ts-expect-error no attributes were declared
store.findBy('user_id', 42);
// @ts-expect-error neither a string nor a number
new MySQLSessionStore({ connection: '', attributes: { user_id: 'integer' } });

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
// @ts-expect-error a switch
new MySQLSessionStore({ connection: '', hashIds: 'sha256' });
// @ts-expect-error a key is bytes or a text
new MySQLSessionStore({ connection: '', encryption: { keys: [1] } });
// @ts-expect-error no write mode
new MySQLSessionStore({ connection: '', writeMode: 'overwrite' });
// @ts-expect-error an id is a text
store.destroy(1);

export const isArgumentError = (error: unknown): string | undefined =>
  error instanceof ArgumentError ? error.argument : undefined;
