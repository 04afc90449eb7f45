import type { Row } from '../../src/database/connection';
import type { TestDatabase } from './database';
import type { TestInstallation } from './store';

/** Returns the ids of all connections of the application's account. */
export async function connectionIds({
  query,
  accountUrl,
}: Pick<TestInstallation, 'query' | 'accountUrl'>): Promise<number[]> {
  const rows = await query('SELECT id FROM information_schema.processlist WHERE user = ?', [
    decodeURIComponent(new URL(accountUrl).username),
  ]);
  return rows.map(([id]) => Number(id));
}

/** Ends all connections of the application's account on the server. */
export async function killConnections(
  installation: Pick<TestInstallation, 'query' | 'accountUrl'>,
): Promise<void> {
  for (const id of await connectionIds(installation)) {
    // The connection can have ended already.
    await installation.query(`KILL ${id}`).catch(() => undefined);
  }
}

/**
 * Milliseconds between two counts of lock waits. If counts follow within 100 ms, the server repeats
 * its last answer.
 */
export const lockWaitInterval = 150;

/** Returns the connections to a database that wait for a lock, a row for each. */
export function lockWaits({
  query,
  name,
}: Pick<TestDatabase, 'query' | 'name'>): Promise<readonly Row[]> {
  return query(
    `SELECT trx_mysql_thread_id FROM information_schema.innodb_trx
     JOIN information_schema.processlist ON id = trx_mysql_thread_id
     WHERE trx_state = 'LOCK WAIT' AND db = ?`,
    [name],
  );
}

/** Counts the transactions in a database that wait for a lock. */
export async function countLockWaits(
  database: Pick<TestDatabase, 'query' | 'name'>,
): Promise<number> {
  return (await lockWaits(database)).length;
}
