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

const finder = new SessionStore<Visitor, { user_id: 'number' }>({
  connection: 'mysql://app@db.example/shop',
  attributes: { user_id: 'number' },
});
for await (const { session } of finder.findBy('user_id', 42)) {
  console.log(session.name);
  // @ts-expect-error the session has its type
  console.log(session.visits);
}
// @ts-expect-error a number that was declared as one
finder.destroyBy('user_id', '42');
// @ts-expect-error no attributes were declared
store.destroyBy('user_id', 42);

const untyped = new SessionStore({ connection: 'mysql://app@db.example/shop' });
export const anything: unknown = (await untyped.get('sid'))?.name;

// @ts-expect-error the session has its type
found?.visits;
// @ts-expect-error no session of this type
store.set('sid', { visits: 1 });
// @ts-expect-error neither a session nor a lifetime
store.touch('sid');

const sealed = new SessionStore<Visitor>({
  connection: 'mysql://app@db.example/shop',
  hashIds: true,
  encryption: { keys: [Buffer.alloc(32), 'as base64'], acceptPlain: true },
});
export const stored: string = sealed.storedId('sid');
await sealed.destroyStored(stored);
// @ts-expect-error no keys
new SessionStore({ connection: '', encryption: {} });
