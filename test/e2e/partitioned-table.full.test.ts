import test from 'ava';
import { MySQLSessionStore } from '../../src';
import { addAttribute, doctor } from '../../src/install';
import { createInstallation, idsIn, patientBudget, session, setExpiry } from '../support/store';

const sids = Array.from({ length: 20 }, (_, index) => `session-${index}`);

test('A store and doctor work on a table that is partitioned by its ids.', async (t) => {
  const installation = await createInstallation(t);
  const { url, query, accountUrl } = installation;
  const attribute = { name: 'owner', path: '$.value', type: 'VARCHAR(64)' };
  await addAttribute({ connection: url }, attribute);
  await query('ALTER TABLE sessions PARTITION BY KEY (sid) PARTITIONS 4');
  t.is((await doctor({ connection: url })).findings, 0);

  const store = new MySQLSessionStore({
    connection: accountUrl,
    attributes: { owner: 'string' },
    touchAfter: 0,
    disableDbCleanup: true,
    retryBudget: patientBudget,
  });
  t.teardown(() => store.close());
  await Promise.all(sids.map((sid) => store.set(sid, session('ada'))));
  const loaded = await Promise.all(sids.map((sid) => store.get(sid)));
  t.deepEqual(
    loaded.map((one) => one?.value),
    sids.map(() => 'ada'),
  );
  await Promise.all(sids.map((sid) => store.touch(sid, session('ada', 120_000))));
  await store.set('session-0', session('bob'));
  await store.destroyBy('owner', 'ada');
  t.deepEqual(await idsIn(installation), ['session-0']);
  await setExpiry(installation, -1);
  t.is(await store.gc(), 1);
});

test('No partition can depend on the expiry, because the primary key does not have it.', async (t) => {
  const { query } = await createInstallation(t);
  const partition =
    'PARTITION BY RANGE COLUMNS (expired) (PARTITION p VALUES LESS THAN (MAXVALUE))';
  await t.throwsAsync(query(`ALTER TABLE sessions ${partition}`), {
    message: /A PRIMARY KEY must include all columns in the table's partitioning function/,
  });
});
