import test from 'ava';
import { StoreClosedError } from '../../../src';
import { openDatabase } from '../../support/database';
import { startProxy } from '../../support/proxy';
import {
  createInstallation,
  createStore,
  openStore,
  session,
  setExpiry,
} from '../../support/store';
import { waitUntil } from '../../support/wait-until';

test('close() lets calls in flight finish.', async (t) => {
  const { store, url } = await createStore(t);
  await store.set('sid', session('before'));
  await openDatabase(t, url).withConnection(async (holder) => {
    await holder.query('START TRANSACTION');
    await holder.query("SELECT 1 FROM sessions WHERE sid = 'sid' FOR UPDATE");
    const saved = store.set('sid', session('after'));
    const closed = store.close({ timeout: 60_000 });
    await t.throwsAsync(async () => store.get('sid'), { instanceOf: StoreClosedError });
    await holder.query('ROLLBACK');
    await t.notThrowsAsync(saved);
    await closed;
  });
});

for (const retryBudget of [0, 60_000]) {
  test(`After its timeout, close() ends the calls in flight: retryBudget ${retryBudget}.`, async (t) => {
    const installation = await createInstallation(t);
    const proxy = await startProxy(t, installation.accountUrl);
    const store = openStore(t, proxy.url, { retryBudget });
    await store.ready();
    proxy.stall();
    const read = store.get('sid');
    const ended = t.throwsAsync(async () => read, { instanceOf: StoreClosedError });
    await store.close({ timeout: 50 });
    await ended;
  });
}

test('close() ends a cleanup that rests.', async (t) => {
  const { store, ...installation } = await createStore(t, {
    disableDbCleanup: false,
    cleanupInterval: 10,
  });
  await Promise.all(Array.from({ length: 300 }, (_, n) => store.set(`sid-${n}`, session())));
  await setExpiry(installation, -1);
  const count = async () => {
    const [row] = await installation.query('SELECT COUNT(*) FROM sessions');
    return Number(row?.[0]);
  };
  await waitUntil(async () => (await count()) < 300);
  await store.close();
  const left = await count();
  await openStore(t, installation.accountUrl).get('other');
  t.is(await count(), left);
});

test('A store can be disposed, and closed again.', async (t) => {
  const { store } = await createStore(t);
  await store[Symbol.asyncDispose]();
  await t.notThrowsAsync(async () => store.close());
  await t.throwsAsync(async () => store.get('sid'), { instanceOf: StoreClosedError });
});
