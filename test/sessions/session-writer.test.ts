import test from 'ava';
import { createStore, session, setExpiry, type TestStore } from '../support/store';
import { loadVisit, saveNewSession, Visit } from '../support/visit';

const longAgo = '2020-01-01 00:00:00.000';

/** Returns whether the action writes to a row. */
async function writes({ query }: TestStore, action: () => Promise<unknown>): Promise<boolean> {
  await query('UPDATE sessions SET updated_at = ?', [longAgo]);
  await action();
  const rows = await query('SELECT 1 FROM sessions WHERE updated_at <> ?', [longAgo]);
  return rows.length > 0;
}

/** Returns the milliseconds from the last write of the only row to its expiry. */
async function rowLifetime({ query }: TestStore): Promise<number> {
  const [row] = await query(
    'SELECT TIMESTAMPDIFF(MICROSECOND, updated_at, expired) DIV 1000 FROM sessions',
  );
  return Number(row?.[0]);
}

test('By default, a row outlives its session by 1 % of its lifetime.', async (t) => {
  const created = await createStore(t);
  await Visit.first(created.store, 60_000).save();
  const lifetime = await rowLifetime(created);
  t.true(lifetime > 60_000 && lifetime <= 60_600, String(lifetime));
});

test('By default, a row outlives its session by at most a minute.', async (t) => {
  const created = await createStore(t);
  await Visit.first(created.store, 86_400_000).save();
  const lifetime = await rowLifetime(created);
  t.true(lifetime > 86_430_000 && lifetime <= 86_460_000, String(lifetime));
});

test('With touchAfter, a row outlives its session by touchAfter.', async (t) => {
  const created = await createStore(t, { touchAfter: 30_000 });
  await Visit.first(created.store, 60_000).save();
  const lifetime = await rowLifetime(created);
  t.true(lifetime > 65_000 && lifetime <= 90_000, String(lifetime));
});

test('The cookie of a loaded session expires touchAfter before the row.', async (t) => {
  const created = await createStore(t, { touchAfter: 30_000 });
  const { store } = created;
  const sid = await saveNewSession(store);
  await setExpiry(created, 90_000);
  const expires = (await store.get(sid))?.cookie.expires;
  t.true(Math.abs(Number(expires?.getTime()) - Date.now() - 60_000) < 25_000);
});

test('A touch writes nothing if the row lives long enough.', async (t) => {
  const created = await createStore(t, { touchAfter: 30_000 });
  const visit = await loadVisit(created.store, await saveNewSession(created.store));
  t.false(await writes(created, () => visit.touch()));
});

test('The first of two touches writes if the row ends before the cookie.', async (t) => {
  const created = await createStore(t, { touchAfter: 30_000 });
  const sid = await saveNewSession(created.store);
  await setExpiry(created, 59_000);
  const visit = await loadVisit(created.store, sid);
  t.true(await writes(created, () => visit.touch()));
  t.false(await writes(created, () => visit.touch()));
});

test('A touch writes if the row outlives the cookie by more than touchAfter.', async (t) => {
  const created = await createStore(t, { touchAfter: 30_000 });
  const visit = await loadVisit(created.store, await saveNewSession(created.store));
  visit.session.cookie.maxAge = 10_000;
  t.true(await writes(created, () => visit.touch()));
  t.true((await rowLifetime(created)) <= 40_000);
});

test('With touchAfter 0, each touch writes, and the row ends with the cookie.', async (t) => {
  const created = await createStore(t, { touchAfter: 0 });
  const visit = await loadVisit(created.store, await saveNewSession(created.store));
  t.true(await writes(created, () => visit.touch()));
  t.true(await writes(created, () => visit.touch()));
  t.true((await rowLifetime(created)) <= 60_000);
});

test('A touch of a session that the process has not read writes.', async (t) => {
  const created = await createStore(t);
  await created.store.set('sid', session());
  t.true(await writes(created, async () => created.store.touch('sid', session())));
});

test('A touch of a plain object writes nothing if the row that was read with its id lives long enough.', async (t) => {
  const created = await createStore(t, { touchAfter: 30_000 });
  await created.store.set('sid', session());
  await created.store.get('sid');
  t.false(await writes(created, async () => created.store.touch('sid', session())));
});

test('A save without changes writes nothing.', async (t) => {
  const created = await createStore(t, { touchAfter: 30_000 });
  const visit = await loadVisit(
    created.store,
    await saveNewSession(created.store, { a: { b: 1 } }),
  );
  t.false(await writes(created, () => visit.save()));
});

test('A save of a plain object without changes writes nothing.', async (t) => {
  const created = await createStore(t, { touchAfter: 30_000 });
  await created.store.set('sid', session({ b: 1 }));
  await created.store.get('sid');
  t.false(await writes(created, async () => created.store.set('sid', session({ b: 1 }))));
});

test('A save without changes prolongs a session that is due for a touch.', async (t) => {
  const created = await createStore(t, { touchAfter: 30_000 });
  const sid = await saveNewSession(created.store);
  await setExpiry(created, 10_000);
  const visit = await loadVisit(created.store, sid);
  await visit.save();
  t.true((await rowLifetime(created)) > 80_000);
});

test('A touch of a session that ends with the browser writes only if the row ends too early.', async (t) => {
  const created = await createStore(t, { ttl: 60_000, touchAfter: 30_000 });
  await created.store.set('sid', session(1, null));
  const visit = await loadVisit(created.store, 'sid');
  t.false(await writes(created, () => visit.touch()));
  await setExpiry(created, 59_000);
  const later = await loadVisit(created.store, 'sid');
  t.true(await writes(created, () => later.touch()));
});
