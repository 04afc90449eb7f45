import test from 'ava';
import { millisecondsLeft } from '../store';
import { createKoaStore } from './koa-store';

const middleware = 'koa-generic-session';
const hour = 3_600_000;

test('A session lives for the lifetime that is passed.', async (t) => {
  const koa = await createKoaStore(t, { middleware, touchAfter: 0 });
  await koa.store.set('key', { cookie: { maxAge: 5 } }, hour);
  const { key: left = 0 } = await millisecondsLeft(koa);
  t.true(left > hour - 60_000 && left <= hour);
});

test('Where no lifetime is passed, as the browser drops the cookie, it lives for the ttl.', async (t) => {
  const koa = await createKoaStore(t, { middleware, touchAfter: 0, ttl: 2 * hour });
  await koa.store.set('key', { cookie: { maxAge: null } }, undefined);
  const { key: left = 0 } = await millisecondsLeft(koa);
  t.true(left > 2 * hour - 60_000 && left <= 2 * hour);
});

test('A session comes back as it was saved, with the expiry that the application put into its cookie.', async (t) => {
  const { store } = await createKoaStore(t, { middleware });
  const session = { cookie: { expires: '2030-01-01T00:00:00.000Z', maxAge: 5 }, _expire: 7 };
  await store.set('key', session, hour);
  t.deepEqual(await store.get('key'), session);
});

test('The object that was loaded does not create its session again.', async (t) => {
  const { store, lost } = await createKoaStore(t, { middleware });
  await store.set('key', { user: 'Ada' }, hour);
  const loaded = await store.get('key');
  await store.destroy('key');
  loaded.visits = 1;
  await store.set('key', loaded, hour);
  t.is(await store.get('key'), undefined);
  t.deepEqual(lost, [['key', { user: 'Ada', visits: 1 }]]);
});

test('Another object in its place does not create it either.', async (t) => {
  const { store, lost } = await createKoaStore(t, { middleware });
  await store.set('key', { user: 'Ada' }, hour);
  await store.get('key');
  await store.destroy('key');
  await store.set('key', { user: 'Ada', visits: 1 }, hour);
  t.is(await store.get('key'), undefined);
  t.is(lost.length, 1);
});

test('Two loaded objects keep the changes of one another.', async (t) => {
  const { store } = await createKoaStore(t, { middleware });
  await store.set('key', { one: 1, other: 1 }, hour);
  const [first, second] = [await store.get('key'), await store.get('key')];
  first.one = 2;
  second.other = 2;
  await store.set('key', first, hour);
  await store.set('key', second, hour);
  t.deepEqual(await store.get('key'), { one: 2, other: 2 });
});

test('A failure of the database is a rejection.', async (t) => {
  const { store, query } = await createKoaStore(t, { middleware });
  await query('RENAME TABLE sessions TO elsewhere');
  await t.throwsAsync(store.get('key'), { name: 'DatabaseError' });
  await t.throwsAsync(store.set('key', {}, hour), { name: 'DatabaseError' });
  await t.throwsAsync(store.destroy('key'), { name: 'DatabaseError' });
});
