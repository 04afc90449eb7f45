import test from 'ava';
import { createInstallation, ids } from '../install/installation';

test('sess_add creates a session, and reports a live one with the id without changing it.', async (t) => {
  const { ask } = await createInstallation(t);
  t.deepEqual(await ask(`CALL sess_add('sid', '{"v":1}', 60000)`), [[0]]);
  t.deepEqual(await ask(`CALL sess_add('sid', '{"v":2}', 60000)`), [[1]]);
  const [row] = await ask("CALL sess_get('sid')");
  t.deepEqual(JSON.parse(String(row?.[0])), { v: 1 });
});

test('sess_add replaces an expired session, with a new time of creation.', async (t) => {
  const { ask, query } = await createInstallation(t);
  await ask(`CALL sess_set('sid', '{"v":1}', 60000)`);
  await query(
    `UPDATE sessions SET expired = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND,
       created_at = created_at - INTERVAL 1 HOUR`,
  );
  t.deepEqual(await ask(`CALL sess_add('sid', '{"v":2}', 60000)`), [[0]]);
  const [row] = await ask("CALL sess_get('sid')");
  t.deepEqual(JSON.parse(String(row?.[0])), { v: 2 });
  t.true(Number(row?.[2]) < 60_000);
});

test('Of many calls at the same time, one creates the session.', async (t) => {
  const { ask } = await createInstallation(t);
  const results = await Promise.all(
    Array.from({ length: 10 }, () => ask(`CALL sess_add('sid', '{}', 60000)`)),
  );
  t.is(results.filter(([row]) => row?.[0] === 0).length, 1);
});

test('sess_add refuses text that is no JSON, and creates nothing.', async (t) => {
  const installation = await createInstallation(t);
  await t.throwsAsync(installation.ask("CALL sess_add('sid', '{', 60000)"));
  t.deepEqual(await ids(installation), []);
});
