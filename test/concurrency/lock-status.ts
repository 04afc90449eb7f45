import type { TestDatabase } from '../database';

/** What a server tells of the locks on all of its rows. */
export interface LockStatus {
  /** How many there have been since it was started. */
  readonly deadlocks: number;
  /** How often somebody had to wait since it was started. */
  readonly waits: number;
  /** How many are waiting now. */
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
