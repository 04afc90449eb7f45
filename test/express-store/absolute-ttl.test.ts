import test from 'ava';
import { createStore, session, type TestStore } from '../store';
import { begun, loaded, Visit } from './visit';

/** Makes every session so much older, in milliseconds. */
async function age({ query }: TestStore, milliseconds: number): Promise<void> {
  await query('UPDATE sessions SET created_at = created_at - INTERVAL ? MICROSECOND', [milliseconds * 1_000]);
}

/** Milliseconds until the one row expires. */
async function rowLeft({ query }: TestStore): Promise<number> {
  const [row] = await query(
    'SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), expired) DIV 1000 FROM sessions',
  );
  return Number(row?.[0]);
}

test('A session that is too old is a miss, and gone.', async (t) => {
  const created = await createStore(t, { absoluteTtl: 3_600_000 });
  const sid = await begun(created.store);
  await age(created, 3_600_000);
  t.is(await created.store.get(sid), null);
  t.deepEqual(await created.query('SELECT sid FROM sessions'), []);
});

test('A session that is almost too old is there, and shows when it ends.', async (t) => {
  const created = await createStore(t, { absoluteTtl: 3_600_000 });
  const sid = await begun(created.store);
  await age(created, 3_590_000);
  const expires = (await created.store.get(sid))?.cookie.expires;
  const left = Number(expires?.getTime()) - Date.now();
  t.true(left > 0 && left <= 10_000, String(left));
});

for (const act of ['save', 'touch'] as const) {
  test(`A ${act} prolongs no session beyond its absolute end.`, async (t) => {
    const created = await createStore(t, { absoluteTtl: 3_600_000, touchAfter: 0 });
    const sid = await begun(created.store);
    await age(created, 3_590_000);
    const visit = await loaded(created.store, sid);
    visit.session.value = 'changed';
    await visit[act]();
    const left = await rowLeft(created);
    t.true(left > 0 && left <= 10_000, String(left));
  });
}

test('A session does not become younger by being saved.', async (t) => {
  const created = await createStore(t, { absoluteTtl: 3_600_000 });
  const sid = await begun(created.store);
  await age(created, 3_590_000);
  const visit = await loaded(created.store, sid);
  visit.session.value = 'changed';
  await visit.save();
  await age(created, 10_000);
  t.is(await created.store.get(sid), null);
});

test('A new session lives no longer than its absolute lifetime.', async (t) => {
  const created = await createStore(t, { absoluteTtl: 10_000, touchAfter: 0 });
  await Visit.first(created.store, 3_600_000).save();
  const left = await rowLeft(created);
  t.true(left > 0 && left <= 10_000, String(left));
});

test('A session near its absolute end is not written with every request.', async (t) => {
  const created = await createStore(t, { absoluteTtl: 3_600_000, touchAfter: 60_000 });
  const sid = await begun(created.store);
  await age(created, 3_590_000);
  await (await loaded(created.store, sid)).touch();
  await created.query("UPDATE sessions SET updated_at = '2020-01-01'");
  await (await loaded(created.store, sid)).touch();
  t.is((await created.query("SELECT sid FROM sessions WHERE updated_at = '2020-01-01'")).length, 1);
});

test('Without the option a session is never too old.', async (t) => {
  const created = await createStore(t);
  await created.store.set('sid', session());
  await age(created, 31_536_000_000);
  t.not(await created.store.get('sid'), null);
});
