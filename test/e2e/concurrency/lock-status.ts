import type { TestDatabase } from '../../support/database';

/** The row locks of a whole server, in all of its databases. */
export interface LockStatus {
  /** Deadlocks since the start of the server. */
  readonly deadlocks: number;
  /** Waits for a lock since the start of the server. */
  readonly waits: number;
  /** Transactions that wait for a lock now. */
  readonly waiting: number;
}

export async function lockStatus({ query }: TestDatabase): Promise<LockStatus> {
  const [deadlocks] = await query(
    "SELECT count FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'",
  );
  const status = Object.fromEntries(await query("SHOW GLOBAL STATUS LIKE 'Innodb_row_lock%'"));
  return {
    deadlocks: Number(deadlocks?.[0]),
    waits: Number(status.Innodb_row_lock_waits),
    waiting: Number(status.Innodb_row_lock_current_waits),
  };
}
