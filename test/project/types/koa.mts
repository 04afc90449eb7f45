import { KoaSessionStore, type KoaStoreOptions } from 'knex-mysql-session/koa';
import Koa from 'koa';
import genericSession from 'koa-generic-session';
import { createSession } from 'koa-session';
import minimalSession from 'koa-session-minimal';

const connection = 'mysql://app@db.example/shop';
const store = new KoaSessionStore({ connection });
const app = new Koa();
app.use(createSession({ store }, app));
app.use(
  genericSession({ store: new KoaSessionStore({ connection, middleware: 'koa-generic-session' }) }),
);
app.use(
  minimalSession({ store: new KoaSessionStore({ connection, middleware: 'koa-session-minimal' }) }),
);

interface Visitor {
  visits: number;
}
export const options: KoaStoreOptions<Visitor> = { connection, ttl: ({ visits }) => visits };
const typed = new KoaSessionStore<Visitor>(options);
const found: Visitor | undefined = await typed.get('key');
typed.on('lost', (key, session) => `${key.length} ${session?.visits}`);

// @ts-expect-error the session has its type
found?.name;
// @ts-expect-error no middleware of Koa
new KoaSessionStore({ connection, middleware: 'express-session' });
// @ts-expect-error an option of another package
new KoaSessionStore({ connection, syncTimeout: 3_000 });
// @ts-expect-error no session of this type
typed.set('key', { name: 'Ada' }, 1_000);

const finder = new KoaSessionStore<Visitor, { user_id: 'string' }>({
  connection,
  attributes: { user_id: 'string' },
});
for await (const { session } of finder.findBy('user_id', 'ann')) {
  tell(session.visits);
}
// @ts-expect-error a string that was declared as one
finder.destroyBy('user_id', 42);
function tell(visits: number): void {
  console.log(visits);
}

const sealed = new KoaSessionStore<Visitor>({
  connection,
  hashIds: true,
  encryption: { keys: ['as base64'] },
});
await sealed.destroyStored(sealed.storedId('key'));
