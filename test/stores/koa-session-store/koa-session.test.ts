import test from 'ava';
import { ArgumentError } from '../../../src/koa';
import { millisecondsLeft, setExpiry } from '../../support/store';
import { createKoaStore } from './koa-store';

const hour = 3_600_000;

/** Adds to a session what koa-session adds to one that lives for an hour. */
function withExpiry(data: object, now = Date.now()) {
  return { ...data, _expire: now + hour, _maxAge: hour };
}

test('get returns undefined for a key without a session.', async (t) => {
  const { store } = await createKoaStore(t);
  t.is(await store.get('none', hour, { ctx: {} }), undefined);
});

test('get returns undefined for an invalid key.', async (t) => {
  const { store } = await createKoaStore(t);
  t.is(await store.get('no key\n', hour, { ctx: {} }), undefined);
});

test('get returns a session with its _maxAge and _expire.', async (t) => {
  const { store } = await createKoaStore(t);
  const session = withExpiry({ user: 'Ada' });
  await store.set('key', session, hour + 10_000, { ctx: {} });
  const { _expire, ...found } = await store.get('key', hour, { ctx: {} });
  t.deepEqual(found, { user: 'Ada', _maxAge: hour });
  t.true(Math.abs(_expire - session._expire) < 60_000);
});

test('A session whose cookie ends with the browser lives for the option ttl.', async (t) => {
  const koa = await createKoaStore(t, { ttl: 2 * hour, touchAfter: 0 });
  await koa.store.set('key', { _session: true }, 'session', { ctx: {} });
  t.deepEqual(await koa.store.get('key', 'session', { ctx: {} }), { _session: true });
  const { key: left = 0 } = await millisecondsLeft(koa);
  t.true(left > 2 * hour - 60_000 && left <= 2 * hour);
});

test('A row lives until _expire, even if the middleware passes a longer maxAge.', async (t) => {
  const koa = await createKoaStore(t, { touchAfter: 0 });
  await koa.store.set('key', withExpiry({}), hour + 10_000, { ctx: {} });
  const { key: left = 0 } = await millisecondsLeft(koa);
  t.true(left > hour - 60_000 && left <= hour);
});

test('Without _expire, a session lives for the maxAge.', async (t) => {
  const koa = await createKoaStore(t, { touchAfter: 0 });
  await koa.store.set('key', {}, hour, { ctx: {} });
  const { key: left = 0 } = await millisecondsLeft(koa);
  t.true(left > hour - 60_000 && left <= hour);
});

test("get returns the row's expiry for a session that was prolonged without new data.", async (t) => {
  const { store } = await createKoaStore(t);
  await store.set('key', withExpiry({ user: 'Ada' }, Date.now() - hour / 2), hour, { ctx: {} });
  const ctx = {};
  const found = await store.get('key', hour, { ctx });
  await store.set('key', { ...found, ...withExpiry({}) }, hour, { ctx });
  const { _expire } = await store.get('key', hour, { ctx: {} });
  t.true(_expire > Date.now() + hour - 60_000);
});

test('A set within the grace period and without changes writes nothing.', async (t) => {
  const koa = await createKoaStore(t);
  await koa.store.set('key', withExpiry({}), hour, { ctx: {} });
  const before = await koa.query('SELECT expired, updated_at FROM sessions');
  const ctx = {};
  const found = await koa.store.get('key', hour, { ctx });
  await koa.store.set('key', { ...found, ...withExpiry({}, Date.now() + 1_000) }, hour, { ctx });
  t.deepEqual(await koa.query('SELECT expired, updated_at FROM sessions'), before);
});

test("Two contexts keep each other's changes.", async (t) => {
  const { store } = await createKoaStore(t);
  await store.set('key', withExpiry({ one: 1, other: 1 }), hour, { ctx: {} });
  const contexts = [{}, {}] as const;
  for (const ctx of contexts) await store.get('key', hour, { ctx });
  await store.set('key', withExpiry({ one: 2, other: 1 }), hour, { ctx: contexts[0] });
  await store.set('key', withExpiry({ one: 1, other: 2 }), hour, { ctx: contexts[1] });
  const { one, other } = await store.get('key', hour, { ctx: {} });
  t.deepEqual([one, other], [2, 2]);
});

test('A context does not create a loaded session again, and the store emits lost.', async (t) => {
  const { store, lost } = await createKoaStore(t);
  await store.set('key', withExpiry({ user: 'Ada' }), hour, { ctx: {} });
  const ctx = {};
  await store.get('key', hour, { ctx });
  await store.destroy('key');
  const session = withExpiry({ user: 'Ada', visits: 1 });
  await store.set('key', session, hour, { ctx });
  t.is(await store.get('key', hour, { ctx: {} }), undefined);
  t.deepEqual(lost, [['key', session]]);
});

test('A second set in a context does not create the session again.', async (t) => {
  const { store, lost } = await createKoaStore(t);
  const ctx = {};
  await store.set('key', withExpiry({}), hour, { ctx });
  await store.destroy('key');
  await store.set('key', withExpiry({ visits: 1 }), hour, { ctx });
  t.is(await store.get('key', hour, { ctx: {} }), undefined);
  t.is(lost.length, 1);
});

test('A context that continues with another key creates its session.', async (t) => {
  const { store } = await createKoaStore(t);
  await store.set('old', withExpiry({ user: 'Ada' }), hour, { ctx: {} });
  const ctx = {};
  await store.get('old', hour, { ctx });
  await store.destroy('old');
  await store.set('new', withExpiry({ user: 'Ada' }), hour, { ctx });
  const { user } = await store.get('new', hour, { ctx: {} });
  t.is(user, 'Ada');
});

test('get returns undefined for an expired session.', async (t) => {
  const koa = await createKoaStore(t);
  await koa.store.set('key', withExpiry({}), hour, { ctx: {} });
  await setExpiry(koa, -1);
  t.is(await koa.store.get('key', hour, { ctx: {} }), undefined);
});

for (const ctx of [undefined, null, 'ctx']) {
  test(`The error for the context ${ctx} names the option middleware.`, async (t) => {
    const { store } = await createKoaStore(t);
    const call = { ctx } as unknown as { ctx: object };
    const expected = { instanceOf: ArgumentError, message: /`ctx`.*`middleware`/ };
    await t.throwsAsync(store.get('key', hour, call), expected);
    await t.throwsAsync(store.set('key', {}, hour, call), expected);
  });
}

test('A database failure rejects the promise.', async (t) => {
  const { store, query } = await createKoaStore(t);
  await query('RENAME TABLE sessions TO elsewhere');
  await t.throwsAsync(store.get('key', hour, { ctx: {} }), { name: 'DatabaseError' });
  await t.throwsAsync(store.set('key', withExpiry({}), hour, { ctx: {} }), {
    name: 'DatabaseError',
  });
  await t.throwsAsync(store.destroy('key'), { name: 'DatabaseError' });
});
