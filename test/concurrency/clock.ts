import type { TestDatabase } from '../database';

/** Has the sessions of a database grow old faster than the time goes. */
export class Clock {
  #last = performance.now();

  constructor(private readonly database: TestDatabase) {}

  /** Makes it so many milliseconds since the last time, or since the beginning; it may have been longer. */
  async goOn(milliseconds: number): Promise<void> {
    const now = performance.now();
    const missing = Math.max(0, milliseconds - (now - this.#last));
    this.#last = now;
    const age = `INTERVAL ${Math.round(missing * 1_000)} MICROSECOND`;
    await this.database.query(
      `UPDATE sessions
       SET expired = expired - ${age}, created_at = created_at - ${age}, updated_at = updated_at - ${age}`,
    );
  }

  /** When the only session ends, as its row has it, in milliseconds since 1970. */
  async endOfRow(): Promise<number> {
    const [row] = await this.database.query(
      "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', expired) DIV 1000 FROM sessions",
    );
    return Number(row?.[0]);
  }
}
