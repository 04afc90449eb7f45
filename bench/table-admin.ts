import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import type { Table } from './contenders/contender';
import { sessionText } from './sessions';

/** How many rows one statement writes. */
const batchSize = 100_000;

/** Does a DBA's work on one contender's table. None of it is measured. */
export class TableAdmin {
  private constructor(
    private readonly connection: Connection,
    private readonly table: Table,
  ) {}

  static async connect(url: string, table: Table): Promise<TableAdmin> {
    return new TableAdmin(await createConnection(url), table);
  }

  /**
   * Inserts the sessions of these numbers, or changes when they expire. `to` is included.
   * Spreads their expiries over an hour, or over half a day, as those of real sessions.
   */
  async fill(from: number, to: number, size: number, state: 'live' | 'expired'): Promise<void> {
    const seconds = state === 'live' ? '86400 - CRC32(n) % 3600' : '-(1 + CRC32(n) % 43200)';
    for (let first = from; first <= to; first += batchSize) {
      const last = Math.min(to, first + batchSize - 1);
      // `sessionId` derives the same ids.
      const rows = `
        SELECT LEFT(SHA2(n, 224), 32) AS sid, ? AS text, ${seconds} AS seconds
        FROM (
          SELECT ${first - 1} + i AS n FROM JSON_TABLE(
            CONCAT('[0', REPEAT(',0', ${last - first}), ']'), '$[*]' COLUMNS (i FOR ORDINALITY)
          ) AS list
        ) AS numbers`;
      await this.connection.query(this.table.fill(rows), [sessionText(size)]);
    }
    await this.#settle();
  }

  countExpired(): Promise<number> {
    const { name, expired } = this.table;
    return this.#number(`SELECT COUNT(*) AS number FROM ${name} WHERE ${expired}`);
  }

  close(): Promise<void> {
    return this.connection.end();
  }

  /** Updates the statistics of the optimizer. Waits up to two minutes for the purge of old rows. */
  async #settle(): Promise<void> {
    await this.connection.query(`ANALYZE TABLE ${this.table.name}`);
    const backlog = `
      SELECT count AS number FROM information_schema.innodb_metrics
      WHERE name = 'trx_rseg_history_len'`;
    const deadline = Date.now() + 120_000;
    while ((await this.#number(backlog)) > 10_000 && Date.now() < deadline) await sleep(500);
  }

  async #number(sql: string): Promise<number> {
    const [[row]] = await this.connection.query<RowDataPacket[]>(sql);
    return Number(row?.number);
  }
}
