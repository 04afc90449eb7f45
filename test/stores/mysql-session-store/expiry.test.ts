import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import {
  createInstallation,
  createStore,
  openStore,
  session,
  setExpiry,
} from '../../support/store';

/** Returns the milliseconds until each row expires, by the server's clock. */
const remaining =
  'SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), expired) DIV 1000 FROM sessions';

test('A session whose row has expired is not found.', async (t) => {
  const { store, ...installation } = await createStore(t);
  await store.set('sid', session());
  await setExpiry(installation, -1);
  t.is(await store.get('sid'), null);
});

test('A session with a maxAge of 5 milliseconds ends after 5 milliseconds.', async (t) => {
  const { store, query } = await createStore(t);
  // The first call also checks the installation, which can take longer than 5 milliseconds.
  await store.ready();
  await store.set('sid', { cookie: { originalMaxAge: 5, maxAge: 5 } });
  const [row] = await query('SELECT TIMESTAMPDIFF(MICROSECOND, updated_at, expired) FROM sessions');
  t.deepEqual(row, [5_000]);
  await sleep(6);
  t.is(await store.get('sid'), null);
});

test('A session whose cookie ends with the browser lives for the option ttl.', async (t) => {
  const { store, query } = await createStore(t, { ttl: 600_000 });
  await store.set('sid', session(undefined, null));
  const [row] = await query(remaining);
  t.true(Number(row?.[0]) > 500_000 && Number(row?.[0]) <= 606_000);
});

test('A cookie that ends with the browser gets no expiry.', async (t) => {
  const { store } = await createStore(t);
  await store.set('sid', session(undefined, null));
  t.is((await store.get('sid'))?.cookie.expires, null);
});

test('A ttl function gets the session.', async (t) => {
  const { store, query } = await createStore(t, {
    ttl: ({ value }) => (value === 'remember' ? 3_600_000 : 1_000),
  });
  await store.set('sid', session('remember', null));
  const [row] = await query(remaining);
  t.true(Number(row?.[0]) > 3_000_000);
});

test("get sets the cookie's expiry to the expiry of the row.", async (t) => {
  const { store, ...installation } = await createStore(t);
  await store.set('sid', session());
  await setExpiry(installation, 3_600_000);
  const expires = (await store.get('sid'))?.cookie.expires;
  t.true(expires instanceof Date && Math.abs(expires.getTime() - Date.now() - 3_600_000) < 60_000);
});

test('touch changes the expiry, and not the data.', async (t) => {
  const { store, query } = await createStore(t);
  await store.set('sid', session('data', 1_000));
  await store.touch('sid', session('other data', 3_600_000));
  const [row] = await query(remaining);
  t.true(Number(row?.[0]) > 3_000_000);
  t.is((await store.get('sid'))?.value, 'data');
});

test('To touch a missing session creates nothing and is no error.', async (t) => {
  const { store, query } = await createStore(t);
  await store.touch('sid', session());
  t.deepEqual(await query('SELECT sid FROM sessions'), []);
});

test('A touch does not prolong an expired session.', async (t) => {
  const { store, ...installation } = await createStore(t);
  await store.set('sid', session());
  await setExpiry(installation, -1);
  await store.touch('sid', session());
  t.is(await store.get('sid'), null);
});

for (const method of ['set', 'touch'] as const) {
  test(`An expiry in the past deletes the session on ${method}.`, async (t) => {
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

test.serial("The application's clock does not change how long a session lives.", async (t) => {
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
  t.true(Number(row?.[0]) > 20_000 && Number(row?.[0]) <= 60_600);
  const expires = (await store.get('sid'))?.cookie.expires;
  t.true(Math.abs(Number(expires?.getTime()) - Date.now() - 60_000) < 30_000);
});
