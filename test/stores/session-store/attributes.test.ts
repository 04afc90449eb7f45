import test, { type ExecutionContext } from 'ava';
import { addAttribute } from '../../../src/install';
import { KoaSessionStore } from '../../../src/koa';
import { SessionStore } from '../../../src/promise';
import { createInstallation } from '../../support/store';

async function createOptions(t: ExecutionContext) {
  const { url, accountUrl } = await createInstallation(t);
  await addAttribute({ connection: url }, { name: 'user_id', path: '$.user', type: 'INT' });
  return {
    connection: accountUrl,
    disableDbCleanup: true,
    attributes: { user_id: 'number' },
  } as const;
}

test('findBy yields the sessions with a value, and destroyBy deletes all but one.', async (t) => {
  const store = new SessionStore<{ user: number }, { user_id: 'number' }>(await createOptions(t));
  t.teardown(() => store.close());
  await store.set('a', { user: 42 }, 3_600_000);
  await store.set('b', { user: 42 });
  await store.set('c', { user: 7 });
  const found = [];
  for await (const { id, session, expires } of store.findBy('user_id', 42)) {
    found.push([id, session, Math.round((expires.getTime() - Date.now()) / 3_600_000)]);
  }
  t.deepEqual(found, [
    ['a', { user: 42 }, 1],
    ['b', { user: 42 }, 24],
  ]);
  t.is(await store.destroyBy('user_id', 42, { except: 'b' }), 1);
  t.deepEqual([await store.get('a'), await store.get('b')], [null, { user: 42 }]);
});

test('findBy of the store for koa-session yields the expiry in _expire.', async (t) => {
  const store = new KoaSessionStore<object, { user_id: 'number' }>(await createOptions(t));
  t.teardown(() => store.close());
  const _expire = Date.now() + 3_600_000;
  await store.set('a', { user: 42, _expire, _maxAge: 3_600_000 }, 3_600_000, { ctx: {} });
  for await (const { id, session, expires } of store.findBy('user_id', 42)) {
    t.is(id, 'a');
    t.like(session, { user: 42, _maxAge: 3_600_000, _expire: expires.getTime() });
    t.true(Math.abs(expires.getTime() - _expire) < 60_000);
  }
  t.is(await store.destroyBy('user_id', 42), 1);
});
