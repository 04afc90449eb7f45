import test from 'ava';
import { millisecondsLeft } from '../../support/store';
import { createKoaStore } from './koa-store';

const middleware = 'koa-generic-session';
const hour = 3_600_000;

test('A session lives for the maxAge.', async (t) => {
  const koa = await createKoaStore(t, { middleware, touchAfter: 0 });
  await koa.store.set('key', { cookie: { maxAge: 5 } }, hour);
  const { key: left = 0 } = await millisecondsLeft(koa);
  t.true(left > hour - 60_000 && left <= hour);
});

test('Without a maxAge, a session lives for the option ttl.', async (t) => {
  const koa = await createKoaStore(t, { middleware, touchAfter: 0, ttl: 2 * hour });
  await koa.store.set('key', { cookie: { maxAge: null } }, undefined);
  const { key: left = 0 } = await millisecondsLeft(koa);
  t.true(left > 2 * hour - 60_000 && left <= 2 * hour);
});

test('A session is equal after a set and a get, also with an expiry of the application.', async (t) => {
  const { store } = await createKoaStore(t, { middleware });
  const session = { cookie: { expires: '2030-01-01T00:00:00.000Z', maxAge: 5 }, _expire: 7 };
  await store.set('key', session, hour);
  t.deepEqual(await store.get('key'), session);
});

test('A set of the loaded object does not create the session again.', async (t) => {
  const { store, lost } = await createKoaStore(t, { middleware });
  await store.set('key', { user: 'Ada' }, hour);
  const loaded = await store.get('key');
  await store.destroy('key');
  loaded.visits = 1;
  await store.set('key', loaded, hour);
  t.is(await store.get('key'), undefined);
  t.deepEqual(lost, [['key', { user: 'Ada', visits: 1 }]]);
});

test('A set of another object under a loaded key does not create the session again.', async (t) => {
  const { store, lost } = await createKoaStore(t, { middleware });
  await store.set('key', { user: 'Ada' }, hour);
  await store.get('key');
  await store.destroy('key');
  await store.set('key', { user: 'Ada', visits: 1 }, hour);
  t.is(await store.get('key'), undefined);
  t.is(lost.length, 1);
});

test("Two loaded objects keep each other's changes.", async (t) => {
  const { store } = await createKoaStore(t, { middleware });
  await store.set('key', { one: 1, other: 1 }, hour);
  const [first, second] = [await store.get('key'), await store.get('key')];
  first.one = 2;
  second.other = 2;
  await store.set('key', first, hour);
  await store.set('key', second, hour);
  t.deepEqual(await store.get('key'), { one: 2, other: 2 });
});

test('A database failure rejects the promise.', async (t) => {
  const { store, query } = await createKoaStore(t, { middleware });
  await query('RENAME TABLE sessions TO elsewhere');
  await t.throwsAsync(store.get('key'), { name: 'DatabaseError' });
  await t.throwsAsync(store.set('key', {}, hour), { name: 'DatabaseError' });
  await t.throwsAsync(store.destroy('key'), { name: 'DatabaseError' });
});
