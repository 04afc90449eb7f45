import test from 'ava';
import { ArgumentError } from '../../src/koa';
import { millisecondsLeft, moveExpiry } from '../store';
import { createKoaStore } from './koa-store';

const hour = 3_600_000;

/** What koa-session adds to a session that lives for an hour. */
function lasting(data: object, now = Date.now()) {
  return { ...data, _expire: now + hour, _maxAge: hour };
}

test('A key without a session gives undefined.', async (t) => {
  const { store } = await createKoaStore(t);
  t.is(await store.get('none', hour, { ctx: {} }), undefined);
});

test('A key that no session can have gives undefined.', async (t) => {
  const { store } = await createKoaStore(t);
  t.is(await store.get('no key\n', hour, { ctx: {} }), undefined);
});

test('A session comes back with its lifetime, and with when it ends.', async (t) => {
  const { store } = await createKoaStore(t);
  const session = lasting({ user: 'Ada' });
  await store.set('key', session, hour + 10_000, { ctx: {} });
  const { _expire, ...found } = await store.get('key', hour, { ctx: {} });
  t.deepEqual(found, { user: 'Ada', _maxAge: hour });
  t.true(Math.abs(_expire - session._expire) < 2_000);
});

test('A session whose cookie the browser drops comes back as one, and lives for the ttl.', async (t) => {
  const koa = await createKoaStore(t, { ttl: 2 * hour, touchAfter: 0 });
  await koa.store.set('key', { _session: true }, 'session', { ctx: {} });
  t.deepEqual(await koa.store.get('key', 'session', { ctx: {} }), { _session: true });
  const { key: left = 0 } = await millisecondsLeft(koa);
  t.true(left > 2 * hour - 60_000 && left <= 2 * hour);
});

test('A row lives until _expire, however long the middleware has the store keep it.', async (t) => {
  const koa = await createKoaStore(t, { touchAfter: 0 });
  await koa.store.set('key', lasting({}), hour + 10_000, { ctx: {} });
  const { key: left = 0 } = await millisecondsLeft(koa);
  t.true(left > hour - 60_000 && left <= hour);
});

test('Without _expire, a session lives for the lifetime that is passed.', async (t) => {
  const koa = await createKoaStore(t, { touchAfter: 0 });
  await koa.store.set('key', {}, hour, { ctx: {} });
  const { key: left = 0 } = await millisecondsLeft(koa);
  t.true(left > hour - 60_000 && left <= hour);
});

test('A session that was prolonged without being written says when its row ends.', async (t) => {
  const { store } = await createKoaStore(t);
  await store.set('key', lasting({ user: 'Ada' }, Date.now() - hour / 2), hour, { ctx: {} });
  const ctx = {};
  const found = await store.get('key', hour, { ctx });
  await store.set('key', { ...found, ...lasting({}) }, hour, { ctx });
  const { _expire } = await store.get('key', hour, { ctx: {} });
  t.true(_expire > Date.now() + hour - 60_000);
});

test('A session that is renewed within its pad is not written.', async (t) => {
  const koa = await createKoaStore(t);
  await koa.store.set('key', lasting({}), hour, { ctx: {} });
  const before = await koa.query('SELECT expired, updated_at FROM sessions');
  const ctx = {};
  const found = await koa.store.get('key', hour, { ctx });
  await koa.store.set('key', { ...found, ...lasting({}, Date.now() + 1_000) }, hour, { ctx });
  t.deepEqual(await koa.query('SELECT expired, updated_at FROM sessions'), before);
});

test('Two contexts keep the changes of one another.', async (t) => {
  const { store } = await createKoaStore(t);
  await store.set('key', lasting({ one: 1, other: 1 }), hour, { ctx: {} });
  const contexts = [{}, {}] as const;
  for (const ctx of contexts) await store.get('key', hour, { ctx });
  await store.set('key', lasting({ one: 2, other: 1 }), hour, { ctx: contexts[0] });
  await store.set('key', lasting({ one: 1, other: 2 }), hour, { ctx: contexts[1] });
  const { one, other } = await store.get('key', hour, { ctx: {} });
  t.deepEqual([one, other], [2, 2]);
});

test('A session that is gone is not created by the context that loaded it, but lost.', async (t) => {
  const { store, lost } = await createKoaStore(t);
  await store.set('key', lasting({ user: 'Ada' }), hour, { ctx: {} });
  const ctx = {};
  await store.get('key', hour, { ctx });
  await store.destroy('key');
  const session = lasting({ user: 'Ada', visits: 1 });
  await store.set('key', session, hour, { ctx });
  t.is(await store.get('key', hour, { ctx: {} }), undefined);
  t.deepEqual(lost, [['key', session]]);
});

test('A context that saved a new session twice does not create it again.', async (t) => {
  const { store, lost } = await createKoaStore(t);
  const ctx = {};
  await store.set('key', lasting({}), hour, { ctx });
  await store.destroy('key');
  await store.set('key', lasting({ visits: 1 }), hour, { ctx });
  t.is(await store.get('key', hour, { ctx: {} }), undefined);
  t.is(lost.length, 1);
});

test('A context that goes on with another key creates its session.', async (t) => {
  const { store } = await createKoaStore(t);
  await store.set('old', lasting({ user: 'Ada' }), hour, { ctx: {} });
  const ctx = {};
  await store.get('old', hour, { ctx });
  await store.destroy('old');
  await store.set('new', lasting({ user: 'Ada' }), hour, { ctx });
  const { user } = await store.get('new', hour, { ctx: {} });
  t.is(user, 'Ada');
});

test('An expired session is none.', async (t) => {
  const koa = await createKoaStore(t);
  await koa.store.set('key', lasting({}), hour, { ctx: {} });
  await moveExpiry(koa, -1);
  t.is(await koa.store.get('key', hour, { ctx: {} }), undefined);
});

for (const ctx of [undefined, null, 'ctx']) {
  test(`A call with ${ctx} for a context is refused, and the remedy named.`, async (t) => {
    const { store } = await createKoaStore(t);
    const call = { ctx } as unknown as { ctx: object };
    const expected = { instanceOf: ArgumentError, message: /`ctx`.*`middleware`/ };
    await t.throwsAsync(store.get('key', hour, call), expected);
    await t.throwsAsync(store.set('key', {}, hour, call), expected);
  });
}

test('A failure of the database is a rejection.', async (t) => {
  const { store, query } = await createKoaStore(t);
  await query('RENAME TABLE sessions TO elsewhere');
  await t.throwsAsync(store.get('key', hour, { ctx: {} }), { name: 'DatabaseError' });
  await t.throwsAsync(store.set('key', lasting({}), hour, { ctx: {} }), { name: 'DatabaseError' });
  await t.throwsAsync(store.destroy('key'), { name: 'DatabaseError' });
});
