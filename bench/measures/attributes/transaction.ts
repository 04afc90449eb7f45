import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { administer } from '../../contenders/mysql-database';

/** When somebody else begins a transaction that keeps the table for a while. */
export const transactions = ['never', 'before', 'while the index is built'] as const;

export type TransactionBegin = (typeof transactions)[number];

/**
 * Does the work while somebody else's transaction keeps the table for so many milliseconds: from its begin on, or, where
 * that is while the index is built, from when the work met it.
 *
 * @param work told what to call when it has met the transaction
 */
export async function withTransaction<Result>(
  url: string,
  begins: TransactionBegin,
  milliseconds: number,
  work: (onMet: () => void) => Promise<Result>,
): Promise<Result> {
  if (begins === 'never') return work(() => undefined);
  return administer(url, async (connection) => {
    const met = new Signal();
    const done = new Signal();
    if (begins === 'before') {
      await hold(connection);
      met.give();
    }
    const holding = async () => {
      if (begins !== 'before') {
        await indexing(connection, done);
        await hold(connection);
      }
      await Promise.race([met.given, done.given]);
      if (!done.isGiven) await sleep(milliseconds);
      await connection.query('COMMIT');
    };
    const [result] = await Promise.all([work(() => met.give()).finally(() => done.give()), holding()]);
    return result;
  });
}

async function hold(connection: Connection): Promise<void> {
  await connection.query('START TRANSACTION');
  await connection.query('SELECT 1 FROM sessions LIMIT 1');
}

/** Waits until the index is being built, or it is too late for that. */
async function indexing(connection: Connection, done: Signal): Promise<void> {
  while (!done.isGiven) {
    const [processes] = await connection.query<RowDataPacket[]>('SHOW FULL PROCESSLIST');
    if (processes.some(({ Info }) => /^ALTER TABLE .* ADD INDEX /.test(Info))) return;
    await sleep(20);
  }
}

/** Something that happens once. */
class Signal {
  isGiven = false;
  give = () => {};
  readonly given = new Promise<void>((resolve) => {
    this.give = () => {
      this.isGiven = true;
      resolve();
    };
  });
}
