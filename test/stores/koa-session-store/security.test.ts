import { createHash, randomBytes } from 'node:crypto';
import test from 'ava';
import { waitUntil } from '../../support/wait-until';
import { createKoaStore } from './koa-store';

const hour = 3_600_000;
const options = { hashIds: true, encryption: { keys: [randomBytes(32)] } };

test("With koa-session, the table shows neither the session's key nor its data.", async (t) => {
  const { store, query } = await createKoaStore(t, options);
  const session = { user: 'Ada', _expire: Date.now() + hour, _maxAge: hour };
  await store.set('koa:sess:1', session, hour, { ctx: {} });
  t.like(await store.get('koa:sess:1', hour, { ctx: {} }), { user: 'Ada', _maxAge: hour });
  const [[sid, text] = []] = await query('SELECT sid, CONVERT(sess USING utf8mb4) FROM sessions');
  t.is(sid, createHash('sha256').update('koa:sess:1').digest('hex'));
  t.false(/Ada|user|_expire/.test(String(text)));
});

test('With koa-session, a set without changes writes nothing, and a lost session has its key.', async (t) => {
  const { store, query, lost } = await createKoaStore(t, options);
  const session = () => ({ user: 'Ada', _expire: Date.now() + hour, _maxAge: hour });
  await store.set('key', session(), hour, { ctx: {} });
  const text = () => query('SELECT CONVERT(sess USING utf8mb4) FROM sessions');
  const before = await text();
  const ctx = {};
  await store.get('key', hour, { ctx });
  await store.set('key', session(), hour, { ctx });
  t.deepEqual(await text(), before);
  await store.destroy('key');
  const late = { ...session(), late: true };
  await store.set('key', late, hour, { ctx });
  await waitUntil(() => lost.length > 0);
  t.deepEqual(lost, [['key', late]]);
  t.deepEqual(await text(), []);
});

test('With koa-session-minimal, get waits for a write that the caller does not await.', async (t) => {
  const { store } = await createKoaStore(t, { ...options, middleware: 'koa-session-minimal' });
  store.set('key', { visits: 1 }, hour);
  t.deepEqual(await store.get('key'), { visits: 1 });
  store.destroy('key');
  t.is(await store.get('key'), undefined);
});
