import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { createInstallation, createStore, moveExpiry, openStore, session } from '../store';

/** Milliseconds until each session's row expires, by the server's clock. */
const remaining = 'SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), expired) DIV 1000 FROM sessions';

test('A session whose row has expired is a miss.', async (t) => {
  const { store, ...installation } = await createStore(t);
  await store.set('sid', session());
  await moveExpiry(installation, -1);
  t.is(await store.get('sid'), null);
});

test('A maxAge of 5 milliseconds ends after 5 milliseconds.', async (t) => {
  const { store, query } = await createStore(t);
  // Set twice, as the first call also checks the installation: five milliseconds are not much.
  await store.ready();
  await store.set('sid', { cookie: { originalMaxAge: 5, maxAge: 5 } });
  const [row] = await query('SELECT TIMESTAMPDIFF(MICROSECOND, updated_at, expired) FROM sessions');
  t.deepEqual(row, [5_000]);
  await sleep(6);
  t.is(await store.get('sid'), null);
});

test('A cookie of the browser’s session lives for the ttl in the database.', async (t) => {
  const { store, query } = await createStore(t, { ttl: 10_000 });
  await store.set('sid', session(undefined, null));
  const [row] = await query(remaining);
  t.true(Number(row?.[0]) > 5_000 && Number(row?.[0]) <= 10_100);
});

test('A cookie of the browser’s session stays one.', async (t) => {
  const { store } = await createStore(t);
  await store.set('sid', session(undefined, null));
  t.is((await store.get('sid'))?.cookie.expires, null);
});

test('A ttl function is asked with the session.', async (t) => {
  const { store, query } = await createStore(t, {
    ttl: ({ value }) => (value === 'remember' ? 3_600_000 : 1_000),
  });
  await store.set('sid', session('remember', null));
  const [row] = await query(remaining);
  t.true(Number(row?.[0]) > 3_000_000);
});

test('Get shows the row’s own expiry on the cookie.', async (t) => {
  const { store, ...installation } = await createStore(t);
  await store.set('sid', session());
  await moveExpiry(installation, 3_600_000);
  const expires = (await store.get('sid'))?.cookie.expires;
  t.true(expires instanceof Date && Math.abs(expires.getTime() - Date.now() - 3_600_000) < 5_000);
});

test('Touch moves the expiry and leaves the data alone.', async (t) => {
  const { store, query } = await createStore(t);
  await store.set('sid', session('data', 1_000));
  await store.touch('sid', session('other data', 3_600_000));
  const [row] = await query(remaining);
  t.true(Number(row?.[0]) > 3_000_000);
  t.is((await store.get('sid'))?.value, 'data');
});

test('Touching a session that is gone creates nothing and is no error.', async (t) => {
  const { store, query } = await createStore(t);
  await store.touch('sid', session());
  t.deepEqual(await query('SELECT sid FROM sessions'), []);
});

test('Touching a session that has expired does not bring it back.', async (t) => {
  const { store, ...installation } = await createStore(t);
  await store.set('sid', session());
  await moveExpiry(installation, -1);
  await store.touch('sid', session());
  t.is(await store.get('sid'), null);
});

for (const method of ['set', 'touch'] as const) {
  test(`A past expiry given to ${method} removes the session.`, async (t) => {
    const { store, query } = await createStore(t);
    await store.set('sid', session());
    await store[method]('sid', session(undefined, -1));
    t.deepEqual(await query('SELECT sid FROM sessions'), []);
  });
}

test('An expiry at the end of the year 9999 is stored.', async (t) => {
  const { store } = await createStore(t);
  const expires = new Date(Date.UTC(9999, 11, 31, 12));
  await store.set('sid', { cookie: { originalMaxAge: null, expires } });
  t.is((await store.get('sid'))?.cookie.expires?.getUTCFullYear(), 9999);
});

test.serial('An application whose clock is an hour fast gives its sessions no other lifetime.', async (t) => {
  const { query, accountUrl } = await createInstallation(t);
  const store = openStore(t, accountUrl);
  const realNow = Date.now;
  const hour = 3_600_000;
  Date.now = () => realNow() + hour;
  t.teardown(() => {
    Date.now = realNow;
  });
  await store.set('sid', session(undefined, 60_000));
  const [row] = await query(remaining);
  t.true(Number(row?.[0]) > 50_000 && Number(row?.[0]) <= 60_600);
  const expires = (await store.get('sid'))?.cookie.expires;
  t.true(Math.abs(Number(expires?.getTime()) - Date.now() - 60_000) < 5_000);
});
