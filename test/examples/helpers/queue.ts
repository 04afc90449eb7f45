import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, type TestDatabase } from '../../database';
import { lockWaits, pauseBetweenLooks } from '../../lock-waits';
import type { Scope } from '../../scope';
import { until } from '../../until';

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
      for (let looks = 0; looks < 7 && (await lockWaits(database)) < begun.length; looks++)
        await sleep(pauseBetweenLooks);
    }
    await query('COMMIT');
  });
  await Promise.all(begun);
  await until(async () => (await lockWaits(database)) === 0, pauseBetweenLooks);
}
