import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, type TestDatabase } from '../../database';
import type { Scope } from '../../scope';
import { until } from '../../until';

/** In milliseconds. A server refreshes its view of transactions only where nobody has looked for a tenth of a second. */
const pause = 150;

/**
 * Locks a session's row, and lets each request begin once those ahead of it wait for the lock; then all go on.
 * A request that waits for another one of its process never comes to the lock: it is given a second.
 *
 * @param condition of the row, in SQL
 */
export async function queueForRow(
  scope: Scope,
  database: TestDatabase,
  condition: string,
  requests: ReadonlyArray<() => Promise<unknown>>,
): Promise<void> {
  const begun: Array<Promise<unknown>> = [];
  await openDatabase(scope, database.url).withConnection(async ({ query }) => {
    await query('START TRANSACTION');
    await query(`SELECT sid FROM sessions WHERE ${condition} FOR UPDATE`);
    for (const request of requests) {
      begun.push(request());
      for (let looks = 0; looks < 7 && (await waiting(database)) < begun.length; looks++) await sleep(pause);
    }
    await query('COMMIT');
  });
  await Promise.all(begun);
  await until(async () => (await waiting(database)) === 0, pause);
}

/** How many transactions wait for a lock in this database. */
async function waiting({ query, name }: TestDatabase): Promise<number> {
  const [row] = await query(
    `SELECT COUNT(*) FROM information_schema.innodb_trx
     JOIN information_schema.processlist ON id = trx_mysql_thread_id
     WHERE trx_state = 'LOCK WAIT' AND db = ?`,
    [name],
  );
  return Number(row?.[0]);
}
