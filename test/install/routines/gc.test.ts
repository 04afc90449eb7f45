import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { DatabaseError } from '../../../src/errors';
import { openDatabase } from '../../database';
import { lockWaits, pauseBetweenLooks } from '../../lock-waits';
import { until } from '../../until';
import { createInstallation, ids, writeSession } from '../installation';

const holdLock = "SELECT GET_LOCK(CONCAT('sess_gc:', SHA2(CONCAT(DATABASE(), '.`sessions`'), 224)), 0)";

test('A cleanup deletes the expired sessions and leaves the live ones.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  await writeSession(installation, 'live', 60);
  await writeSession(installation, 'old', -1);
  await writeSession(installation, 'older', -2);
  t.deepEqual(await installation.ask('CALL sess_gc(10)'), [[2, 0]]);
  t.deepEqual(await ids(installation), ['live']);
});

test('A cleanup deletes no more than it is told to, the longest expired first.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  await writeSession(installation, 'a', -1);
  await writeSession(installation, 'b', -3);
  await writeSession(installation, 'c', -2);
  t.deepEqual(await installation.ask('CALL sess_gc(2)'), [[2, 0]]);
  t.deepEqual(await ids(installation), ['a']);
});

test('A cleanup that waits for a session has locked none that comes after it.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  await writeSession(installation, 'a', -1);
  await writeSession(installation, 'b', -2);
  await openDatabase(t, installation.url).withConnection(async (other) => {
    await other.query('START TRANSACTION');
    await other.query("SELECT * FROM sessions WHERE sid = 'a' FOR UPDATE");
    const cleaning = installation.ask('CALL sess_gc(10)');
    await until(async () => (await lockWaits(installation)) > 0, pauseBetweenLooks);
    await t.notThrowsAsync(other.query("SELECT * FROM sessions WHERE sid = 'b' FOR UPDATE NOWAIT"));
    await other.query('ROLLBACK');
    t.deepEqual(await cleaning, [[2, 0]]);
  });
});

test('The server has no choice by which index a cleanup finds what it deletes.', async (t) => {
  const installation = await createInstallation(t);
  await writeSession(installation, 'a', -1);
  await writeSession(installation, 'b', -1);
  const text = await readFile(join(__dirname, '../../../sql/routines/sess_gc.sql'), 'utf8');
  const [statement = ''] = /^ *DELETE .*(?=;)/m.exec(text) ?? [];
  const asked = statement.replace('v_sid', "'a'").replace('v_now', 'UTC_TIMESTAMP(3)');
  const [plan] = await installation.query(`EXPLAIN FORMAT = TRADITIONAL ${asked}`);
  const indexes = plan?.filter((cell) => /PRIMARY|_idx/.test(String(cell)));
  // Those that it could take, and the one that it takes.
  t.deepEqual(indexes, ['PRIMARY', 'PRIMARY']);
});

test('A cleanup does nothing while another one is under way, and says so.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  await writeSession(installation, 'old', -1);
  await openDatabase(t, installation.url).withConnection(async (other) => {
    t.deepEqual(await other.query(holdLock), [[1]]);
    t.deepEqual(await installation.ask('CALL sess_gc(10)'), [[0, 1]]);
  });
  t.deepEqual(await ids(installation), ['old']);
});

test('A cleanup gives its lock back, also where it failed.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  await openDatabase(t, installation.account.url).withConnection(async (connection) => {
    await connection.query('CALL sess_gc(10)');
    await t.throwsAsync(connection.query('CALL sess_gc(0)'));
    await openDatabase(t, installation.url).withConnection(async (other) => {
      t.deepEqual(await other.query(holdLock), [[1]]);
    });
  });
});

test('Cleanups of two installations on one server do not wait for each other.', async (t) => {
  const one = await createInstallation(t, ['cleaner']);
  const other = await createInstallation(t, ['cleaner']);
  await openDatabase(t, one.url).withConnection(async (connection) => {
    await connection.query(holdLock);
    t.deepEqual(await other.ask('CALL sess_gc(10)'), [[0, 0]]);
  });
});

for (const limit of [0, -1, null]) {
  test(`A cleanup of at most ${limit} is refused.`, async (t) => {
    const { ask } = await createInstallation(t, ['cleaner']);
    await t.throwsAsync(ask('CALL sess_gc(?)', [limit]), {
      instanceOf: DatabaseError,
      message: '`sess_gc`: p_limit must be at least 1',
    });
  });
}
