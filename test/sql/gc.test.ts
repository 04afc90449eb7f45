import test from 'ava';
import { DatabaseError } from '../../src/errors';
import { createInstallation, ids, writeSession } from '../install/installation';
import { countLockWaits, lockWaitInterval } from '../support/connections';
import { openDatabase } from '../support/database';
import { waitUntil } from '../support/wait-until';

const holdLock =
  "SELECT GET_LOCK(CONCAT('sess_gc:', SHA2(CONCAT(DATABASE(), '.`sessions`'), 224)), 0)";

test('A cleanup deletes expired sessions and keeps live ones.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  await writeSession(installation, 'live', 60);
  await writeSession(installation, 'old', -1);
  await writeSession(installation, 'older', -2);
  t.deepEqual(await installation.ask('CALL sess_gc(10)'), [[2, 0]]);
  t.deepEqual(await ids(installation), ['live']);
});

test('A cleanup stops at its limit, and begins with the sessions that expired first.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  await writeSession(installation, 'a', -1);
  await writeSession(installation, 'b', -3);
  await writeSession(installation, 'c', -2);
  t.deepEqual(await installation.ask('CALL sess_gc(2)'), [[2, 0]]);
  t.deepEqual(await ids(installation), ['a']);
});

test('A cleanup that waits for a row lock holds no lock on a later session.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  await writeSession(installation, 'a', -1);
  await writeSession(installation, 'b', -2);
  await openDatabase(t, installation.url).withConnection(async (other) => {
    await other.query('START TRANSACTION');
    await other.query("SELECT * FROM sessions WHERE sid = 'a' FOR UPDATE");
    const cleaning = installation.ask('CALL sess_gc(10)');
    await waitUntil(async () => (await countLockWaits(installation)) > 0, lockWaitInterval);
    await t.notThrowsAsync(other.query("SELECT * FROM sessions WHERE sid = 'b' FOR UPDATE NOWAIT"));
    await other.query('ROLLBACK');
    t.deepEqual(await cleaning, [[2, 0]]);
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

test('A cleanup does nothing while another one runs, and reports that.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  await writeSession(installation, 'old', -1);
  await openDatabase(t, installation.url).withConnection(async (other) => {
    t.deepEqual(await other.query(holdLock), [[1]]);
    t.deepEqual(await installation.ask('CALL sess_gc(10)'), [[0, 1]]);
  });
  t.deepEqual(await ids(installation), ['old']);
});

test('A cleanup releases its lock, also after an error.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  await openDatabase(t, installation.account.url).withConnection(async (connection) => {
    await connection.query('CALL sess_gc(10)');
    await t.throwsAsync(connection.query('CALL sess_gc(0)'));
    await openDatabase(t, installation.url).withConnection(async (other) => {
      t.deepEqual(await other.query(holdLock), [[1]]);
    });
  });
});

test('Cleanups of two installations on one server run at the same time.', async (t) => {
  const one = await createInstallation(t, ['cleaner']);
  const other = await createInstallation(t, ['cleaner']);
  await openDatabase(t, one.url).withConnection(async (connection) => {
    await connection.query(holdLock);
    t.deepEqual(await other.ask('CALL sess_gc(10)'), [[0, 0]]);
  });
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
