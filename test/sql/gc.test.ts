import test from 'ava';
import { DatabaseError } from '../../src/errors';
import { createInstallation, ids, writeSession } from '../install/installation';
import { openDatabase } from '../support/database';

test('A cleanup deletes expired sessions and keeps live ones.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  await writeSession(installation, 'live', 60);
  await writeSession(installation, 'old', -1);
  await writeSession(installation, 'older', -2);
  t.deepEqual(await installation.ask('CALL sess_gc(10)'), [[2, null]]);
  t.deepEqual(await ids(installation), ['live']);
});

test('A cleanup stops at its limit, and begins with the sessions that expired first.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  await writeSession(installation, 'a', -1);
  await writeSession(installation, 'b', -3);
  await writeSession(installation, 'c', -2);
  t.deepEqual(await installation.ask('CALL sess_gc(2)'), [[2, null]]);
  t.deepEqual(await ids(installation), ['a']);
});

test('A cleanup skips a session that another transaction holds, and waits for no lock.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  await writeSession(installation, 'a', -1);
  await writeSession(installation, 'b', -2);
  await writeSession(installation, 'live', 60);
  await openDatabase(t, installation.url).withConnection(async (other) => {
    await other.query('START TRANSACTION');
    await other.query("SELECT * FROM sessions WHERE sid = 'a' FOR UPDATE");
    const [[deleted, overdueMs] = []] = await installation.ask('CALL sess_gc(10)');
    t.is(deleted, 1);
    t.true(Number(overdueMs) >= 1_000 && Number(overdueMs) < 600_000, String(overdueMs));
    t.deepEqual(await ids(installation), ['a', 'live']);
    await other.query('ROLLBACK');
  });
  t.deepEqual(await installation.ask('CALL sess_gc(10)'), [[1, null]]);
});

test('A cleanup locks the expired sessions alone.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  await writeSession(installation, 'a', -1);
  await writeSession(installation, 'b', -2);
  await writeSession(installation, 'c', 60);
  const [row] = await installation.query('SHOW CREATE PROCEDURE sess_gc');
  const [select = ''] = /SELECT `sessions`\.`sid`[^;]*/.exec(String(row?.[2])) ?? [];
  const locking = select.replace('v_now', 'UTC_TIMESTAMP(3)').replace('v_ids', `'["b"]'`);
  await openDatabase(t, installation.url).withConnection(async (cleanup) => {
    await cleanup.query('START TRANSACTION');
    t.deepEqual(await cleanup.query(locking), [['b']]);
    const free = await installation.query('SELECT sid FROM sessions FOR UPDATE SKIP LOCKED');
    t.deepEqual(free, [['a'], ['c']]);
    // The index on `expired` has no lock either.
    await t.notThrowsAsync(writeSession(installation, 'd', -3));
    await cleanup.query('ROLLBACK');
  });
});

test('A cleanup can delete only through the primary key.', async (t) => {
  const installation = await createInstallation(t);
  await writeSession(installation, 'a', -1);
  await writeSession(installation, 'b', -1);
  const [row] = await installation.query('SHOW CREATE PROCEDURE sess_gc');
  const [statement = ''] = /^ *DELETE FROM [^;]*/m.exec(String(row?.[2])) ?? [];
  const asked = statement.replace('v_sid', "'a'").replace('v_now', 'UTC_TIMESTAMP(3)');
  const [plan] = await installation.query(`EXPLAIN FORMAT = TRADITIONAL ${asked}`);
  const indexes = plan?.filter((cell) => /PRIMARY|_idx/.test(String(cell)));
  // The possible indexes, and the one that the server uses.
  t.deepEqual(indexes, ['PRIMARY', 'PRIMARY']);
});

test('Cleanups at the same time delete each session once.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  for (let n = 0; n < 40; n++) await writeSession(installation, `old-${n}`, -1);
  const results = await Promise.all(
    Array.from({ length: 8 }, () => installation.ask('CALL sess_gc(40)')),
  );
  const deleted = results.map(([row]) => Number(row?.[0]));
  t.is(
    deleted.reduce((sum, count) => sum + count),
    40,
  );
  t.deepEqual(await ids(installation), []);
});

test('No lock that any account can take stops a cleanup.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  const [row] = await installation.query('SHOW CREATE PROCEDURE sess_gc');
  t.notRegex(String(row?.[2]), /_LOCK\(/);
});

for (const limit of [0, -1, null]) {
  test(`A cleanup refuses the limit ${limit}.`, async (t) => {
    const { ask } = await createInstallation(t, ['cleaner']);
    await t.throwsAsync(ask('CALL sess_gc(?)', [limit]), {
      instanceOf: DatabaseError,
      message: '`sess_gc`: p_limit must be at least 1',
    });
  });
}
