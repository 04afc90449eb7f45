import test from 'ava';
import { createStore, session, type TestStore } from '../support/store';
import { loadVisit, saveNewSession, Visit } from '../support/visit';

/** Moves the creation of every session back by so many milliseconds. */
async function age({ query }: TestStore, milliseconds: number): Promise<void> {
  await query('UPDATE sessions SET created_at = created_at - INTERVAL ? MICROSECOND', [
    milliseconds * 1_000,
  ]);
}

/** Returns the milliseconds until the only row expires. */
async function rowLeft({ query }: TestStore): Promise<number> {
  const [row] = await query(
    'SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), expired) DIV 1000 FROM sessions',
  );
  return Number(row?.[0]);
}

test('A session that is older than absoluteTtl is deleted when it is read.', async (t) => {
  const created = await createStore(t, { absoluteTtl: 3_600_000 });
  const sid = await saveNewSession(created.store);
  await age(created, 3_600_000);
  t.is(await created.store.get(sid), null);
  t.deepEqual(await created.query('SELECT sid FROM sessions'), []);
});

test('The cookie of a session that is almost too old expires at its absolute end.', async (t) => {
  const created = await createStore(t, { absoluteTtl: 3_600_000 });
  const sid = await saveNewSession(created.store);
  await age(created, 3_590_000);
  const expires = (await created.store.get(sid))?.cookie.expires;
  const left = Number(expires?.getTime()) - Date.now();
  t.true(left > 0 && left <= 10_000, String(left));
});

for (const act of ['save', 'touch'] as const) {
  test(`A ${act} does not prolong a session beyond its absolute end.`, async (t) => {
    const created = await createStore(t, { absoluteTtl: 3_600_000, touchAfter: 0 });
    const sid = await saveNewSession(created.store);
    await age(created, 3_590_000);
    const visit = await loadVisit(created.store, sid);
    visit.session.value = 'changed';
    await visit[act]();
    const left = await rowLeft(created);
    t.true(left > 0 && left <= 10_000, String(left));
  });
}

test('A save does not change the age of a session.', async (t) => {
  const created = await createStore(t, { absoluteTtl: 3_600_000 });
  const sid = await saveNewSession(created.store);
  await age(created, 3_590_000);
  const visit = await loadVisit(created.store, sid);
  visit.session.value = 'changed';
  await visit.save();
  await age(created, 10_000);
  t.is(await created.store.get(sid), null);
});

test('A new session lives no longer than absoluteTtl.', async (t) => {
  const created = await createStore(t, { absoluteTtl: 10_000, touchAfter: 0 });
  await Visit.first(created.store, 3_600_000).save();
  const left = await rowLeft(created);
  t.true(left > 0 && left <= 10_000, String(left));
});

test('A touch near the absolute end of a session writes nothing.', async (t) => {
  const created = await createStore(t, { absoluteTtl: 3_600_000, touchAfter: 60_000 });
  const sid = await saveNewSession(created.store);
  await age(created, 3_590_000);
  await (await loadVisit(created.store, sid)).touch();
  await created.query("UPDATE sessions SET updated_at = '2020-01-01'");
  await (await loadVisit(created.store, sid)).touch();
  t.is((await created.query("SELECT sid FROM sessions WHERE updated_at = '2020-01-01'")).length, 1);
});

test('Without absoluteTtl, a session is never too old.', async (t) => {
  const created = await createStore(t);
  await created.store.set('sid', session());
  await age(created, 31_536_000_000);
  t.not(await created.store.get('sid'), null);
});
