import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import test, { type ExecutionContext } from 'ava';
import { SessionStore } from '../../../src/promise';
import { createInstallation, patientBudget } from '../../support/store';

interface Visitor {
  name: string;
  visits?: number;
}

const keys = [randomBytes(32)];

async function createStore(t: ExecutionContext) {
  const installation = await createInstallation(t);
  const store = new SessionStore<Visitor>({
    connection: installation.accountUrl,
    disableDbCleanup: true,
    retryBudget: patientBudget,
    hashIds: true,
    encryption: { keys },
  });
  t.teardown(() => store.close());
  return { ...installation, store };
}

test("The table shows neither the session's id nor its data.", async (t) => {
  const { store, query } = await createStore(t);
  await store.set('the-id', { name: 'Ada Lovelace' });
  t.deepEqual(await store.get('the-id'), { name: 'Ada Lovelace' });
  const table = JSON.stringify(
    (await query('SELECT * FROM sessions')).map((row) => row.map(String)),
  );
  t.true(table.includes(createHash('sha256').update('the-id').digest('hex')));
  t.false(/the-id|Ada|name/.test(table));
});

test('A loaded session is written only if it changed, and never created again.', async (t) => {
  const { store, query } = await createStore(t);
  await store.set('sid', { name: 'Ada' });
  const session = (await store.get('sid')) ?? { name: 'none' };
  const [before] = await query('SELECT CONVERT(sess USING utf8mb4) FROM sessions');
  await store.set('sid', session);
  t.deepEqual(await query('SELECT CONVERT(sess USING utf8mb4) FROM sessions'), [before]);
  await store.set('sid', Object.assign(session, { visits: 1 }));
  t.deepEqual(await store.get('sid'), { name: 'Ada', visits: 1 });
  await store.destroy('sid');
  const [event] = await Promise.all([
    once(store, 'lost'),
    store.set('sid', Object.assign(session, { visits: 2 })),
  ]);
  t.deepEqual(event, ['sid', { name: 'Ada', visits: 2 }]);
  t.deepEqual(await store.ids(), []);
});

test('touch prolongs a session by its id.', async (t) => {
  const { store, query } = await createStore(t);
  await store.set('sid', { name: 'Ada' });
  await store.touch('sid', 7_200_000);
  const [row] = await query('SELECT expired > UTC_TIMESTAMP(3) + INTERVAL 1 HOUR FROM sessions');
  t.is(Number(row?.[0]), 1);
  await store.touch('sid', 0);
  t.deepEqual(await store.ids(), []);
});

test('destroyStored deletes the session with a stored id.', async (t) => {
  const { store } = await createStore(t);
  await store.set('sid', { name: 'Ada' });
  const [id = ''] = await store.ids();
  t.is(id, store.storedId('sid'));
  await store.destroyStored(id);
  t.is(await store.get('sid'), null);
});
