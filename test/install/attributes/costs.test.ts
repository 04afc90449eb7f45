import test from 'ava';
import type { Connection } from '../../../src/database/connection';
import { openDatabase } from '../../support/database';
import { createAttributed } from './attributed';

const others = 5_000;

/** Returns how many rows and index entries a call reads. */
async function readsOf(connection: Connection, call: string): Promise<number> {
  const before = await readsSoFar(connection);
  await connection.query(call);
  return (await readsSoFar(connection)) - before;
}

/** Reads the server's counters. They do not count the reads of SHOW STATUS itself. */
async function readsSoFar(connection: Connection): Promise<number> {
  const counters = await connection.query("SHOW SESSION STATUS LIKE 'Handler_read%'");
  return counters.reduce((sum, [, count]) => sum + Number(count), 0);
}

for (const [what, call] of [
  ['finds', "CALL sess_find_user_id('ada', '', 100)"],
  ['destroys', "CALL sess_destroy_user_id('ada', NULL, 100)"],
] as const) {
  test(`A call that ${what} the sessions of a value reads only these sessions.`, async (t) => {
    const { url, query } = await createAttributed(t);
    await query(
      `INSERT INTO sessions (sid, sess, expired, created_at, updated_at)
       SELECT CONCAT('s', a.n, '-', b.n), CONCAT('{"user":{"id":"u', a.n, '"}}'),
         UTC_TIMESTAMP(3) + INTERVAL 1 HOUR, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)
       FROM (WITH RECURSIVE n AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM n WHERE n < 100) SELECT n FROM n) AS a,
         (WITH RECURSIVE n AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM n WHERE n < ${others / 100}) SELECT n FROM n) AS b`,
    );
    await query(
      `UPDATE sessions SET sess = '{"user":{"id":"ada"}}' WHERE sid IN ('s10-1', 's20-2', 's30-3')`,
    );
    await openDatabase(t, url).withConnection(async (connection) => {
      await connection.query(call.replace('ada', 'nobody'));
      const reads = await readsOf(connection, call);
      t.true(reads >= 3 && reads < 100, `${reads} reads`);
    });
  });
}
