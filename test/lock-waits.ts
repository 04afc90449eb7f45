import type { TestDatabase } from './database';

/** In milliseconds. A server refreshes its view of transactions only where nobody has looked for a tenth of a second. */
export const pauseBetweenLooks = 150;

/** How many transactions wait for a lock in this database. */
export async function lockWaits({ query, name }: Pick<TestDatabase, 'query' | 'name'>): Promise<number> {
  const [row] = await query(
    `SELECT COUNT(*) FROM information_schema.innodb_trx
     JOIN information_schema.processlist ON id = trx_mysql_thread_id
     WHERE trx_state = 'LOCK WAIT' AND db = ?`,
    [name],
  );
  return Number(row?.[0]);
}
