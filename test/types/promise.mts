import { SessionStore } from 'knex-mysql-session/promise';

interface Visitor {
  name: string;
}

const store = new SessionStore<Visitor>({ connection: 'mysql://app@db.example/shop' });
const found: Visitor | null = await store.get('sid');
await store.set('sid', { name: 'Ada' }, 60_000);
await store.touch('sid', 60_000);
const [first] = await store.all();
export const named: string | undefined = first?.name ?? found?.name ?? first?.id;

const untyped = new SessionStore({ connection: 'mysql://app@db.example/shop' });
export const anything: unknown = (await untyped.get('sid'))?.name;

// @ts-expect-error the session has its type
found?.visits;
// @ts-expect-error no session of this type
store.set('sid', { visits: 1 });
// @ts-expect-error neither a session nor a lifetime
store.touch('sid');
