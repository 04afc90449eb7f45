import test from 'ava';
import { createStore, moveExpiry, session, type TestStore } from '../store';
import { begun, loaded, Visit } from './visit';

const longAgo = '2020-01-01 00:00:00.000';

/** Whether the act writes to any row. */
async function writes({ query }: TestStore, act: () => Promise<unknown>): Promise<boolean> {
  await query('UPDATE sessions SET updated_at = ?', [longAgo]);
  await act();
  const rows = await query('SELECT 1 FROM sessions WHERE updated_at <> ?', [longAgo]);
  return rows.length > 0;
}

/** Milliseconds from the last write of the one row to its end. */
async function rowLifetime({ query }: TestStore): Promise<number> {
  const [row] = await query('SELECT TIMESTAMPDIFF(MICROSECOND, updated_at, expired) DIV 1000 FROM sessions');
  return Number(row?.[0]);
}

test('The row of a session outlives it by 1 % of its lifetime.', async (t) => {
  const created = await createStore(t);
  await Visit.first(created.store, 60_000).save();
  const lifetime = await rowLifetime(created);
  t.true(lifetime > 60_500 && lifetime <= 60_600, String(lifetime));
});

test('The row of a session outlives it by a minute at most.', async (t) => {
  const created = await createStore(t);
  await Visit.first(created.store, 86_400_000).save();
  const lifetime = await rowLifetime(created);
  t.true(lifetime > 86_459_000 && lifetime <= 86_460_000, String(lifetime));
});

test('The row of a session outlives it by touchAfter.', async (t) => {
  const created = await createStore(t, { touchAfter: 30_000 });
  await Visit.first(created.store, 60_000).save();
  const lifetime = await rowLifetime(created);
  t.true(lifetime > 89_000 && lifetime <= 90_000, String(lifetime));
});

test('A session that was read expires when its row does, less touchAfter.', async (t) => {
  const created = await createStore(t, { touchAfter: 30_000 });
  const { store } = created;
  const sid = await begun(store);
  await moveExpiry(created, 90_000);
  const expires = (await store.get(sid))?.cookie.expires;
  t.true(Math.abs(Number(expires?.getTime()) - Date.now() - 60_000) < 5_000);
});

test('A session whose row lives long enough is not touched.', async (t) => {
  const created = await createStore(t, { touchAfter: 30_000 });
  const visit = await loaded(created.store, await begun(created.store));
  t.false(await writes(created, () => visit.touch()));
});

test('A session whose row would end before its cookie is touched, and once.', async (t) => {
  const created = await createStore(t, { touchAfter: 30_000 });
  const sid = await begun(created.store);
  await moveExpiry(created, 59_000);
  const visit = await loaded(created.store, sid);
  t.true(await writes(created, () => visit.touch()));
  t.false(await writes(created, () => visit.touch()));
});

test('A session whose row would outlive its cookie by more than touchAfter is touched.', async (t) => {
  const created = await createStore(t, { touchAfter: 30_000 });
  const visit = await loaded(created.store, await begun(created.store));
  visit.session.cookie.maxAge = 10_000;
  t.true(await writes(created, () => visit.touch()));
  t.true((await rowLifetime(created)) <= 40_000);
});

test('With touchAfter 0, each touch writes, and the row ends with the cookie.', async (t) => {
  const created = await createStore(t, { touchAfter: 0 });
  const visit = await loaded(created.store, await begun(created.store));
  t.true(await writes(created, () => visit.touch()));
  t.true(await writes(created, () => visit.touch()));
  t.true((await rowLifetime(created)) <= 60_000);
});

test('A session that the process has not read is touched.', async (t) => {
  const created = await createStore(t);
  await created.store.set('sid', session());
  t.true(await writes(created, async () => created.store.touch('sid', session())));
});

test('A session of another class is not touched while the row that its id was read with lives long enough.', async (t) => {
  const created = await createStore(t, { touchAfter: 30_000 });
  await created.store.set('sid', session());
  await created.store.get('sid');
  t.false(await writes(created, async () => created.store.touch('sid', session())));
});

test('A session that is saved unchanged is not written.', async (t) => {
  const created = await createStore(t, { touchAfter: 30_000 });
  const visit = await loaded(created.store, await begun(created.store, { a: { b: 1 } }));
  t.false(await writes(created, () => visit.save()));
});

test('A session of another class that is saved unchanged is not written.', async (t) => {
  const created = await createStore(t, { touchAfter: 30_000 });
  await created.store.set('sid', session({ b: 1 }));
  await created.store.get('sid');
  t.false(await writes(created, async () => created.store.set('sid', session({ b: 1 }))));
});

test('A session that is saved unchanged when it is due is prolonged.', async (t) => {
  const created = await createStore(t, { touchAfter: 30_000 });
  const sid = await begun(created.store);
  await moveExpiry(created, 10_000);
  const visit = await loaded(created.store, sid);
  await visit.save();
  t.true((await rowLifetime(created)) > 80_000);
});

test('A session that ends with the browser is touched no more often.', async (t) => {
  const created = await createStore(t, { ttl: 60_000, touchAfter: 30_000 });
  await created.store.set('sid', session(1, null));
  const visit = await loaded(created.store, 'sid');
  t.false(await writes(created, () => visit.touch()));
  await moveExpiry(created, 59_000);
  const later = await loaded(created.store, 'sid');
  t.true(await writes(created, () => later.touch()));
});
