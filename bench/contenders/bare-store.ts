import { type SessionData, Store } from 'express-session';
import type { Pool } from 'mysql2/promise';

type Statement = readonly [sql: string, parameters: Array<string | number>];

/** What a store asks for, as statements. */
export interface Statements {
  readonly get: (sid: string) => Statement;
  readonly set: (sid: string, text: string, milliseconds: number) => Statement;
  readonly touch: (sid: string, milliseconds: number) => Statement;
  readonly destroy: (sid: string) => Statement;
}

/** Sends them as text, or as prepared statements. */
export type Way = 'query' | 'execute';

type Done = (error?: unknown) => void;

const day = 86_400_000;

/** The least that a store can do: no checks, no options, and only the driver between it and the server. */
export class BareStore extends Store {
  constructor(
    private readonly pool: Pool,
    private readonly way: Way,
    private readonly statements: Statements,
  ) {
    super();
  }

  override get(sid: string, callback: (error: unknown, session?: SessionData | null) => void): void {
    this.ask(this.statements.get(sid)).then((rows) => {
      const text = firstValue(rows);
      callback(null, text === undefined ? null : JSON.parse(String(text)));
    }, callback);
  }

  override set(sid: string, session: SessionData, callback: Done): void {
    this.ask(this.statements.set(sid, JSON.stringify(session), day)).then(() => callback(), callback);
  }

  override touch(sid: string, _session: SessionData, callback: Done): void {
    this.ask(this.statements.touch(sid, day)).then(() => callback(), callback);
  }

  override destroy(sid: string, callback: Done): void {
    this.ask(this.statements.destroy(sid)).then(() => callback(), callback);
  }

  private async ask([sql, parameters]: Statement): Promise<unknown> {
    const options = { sql, rowsAsArray: true };
    const [rows] = await (this.way === 'query'
      ? this.pool.query(options, parameters)
      : this.pool.execute(options, parameters));
    return rows;
  }
}

// A SELECT gives rows; a CALL gives a list of such results, its own header the last of them.
function firstValue(rows: unknown): unknown {
  const [first] = rows as unknown[][];
  const row = Array.isArray(first?.[0]) ? first[0] : first;
  return row?.[0];
}

export const calls: Statements = {
  get: (sid) => ['CALL sess_get(?)', [sid]],
  set: (sid, text, milliseconds) => ['CALL sess_set(?, ?, ?)', [sid, text, milliseconds]],
  touch: (sid, milliseconds) => ['CALL sess_touch(?, ?)', [sid, milliseconds]],
  destroy: (sid) => ['CALL sess_destroy(?)', [sid]],
};

const now = 'UTC_TIMESTAMP(3)';
const end = `${now} + INTERVAL ? * 1000 MICROSECOND`;

export const plainSql: Statements = {
  get: (sid) => [`SELECT sess FROM sessions WHERE sid = ? AND expired > ${now}`, [sid]],
  set: (sid, text, milliseconds) => [
    `INSERT INTO sessions (sid, sess, expired, created_at, updated_at) VALUES (?, ?, ${end}, ${now}, ${now})
     ON DUPLICATE KEY UPDATE sess = VALUES(sess), expired = VALUES(expired), updated_at = VALUES(updated_at)`,
    [sid, text, milliseconds],
  ],
  touch: (sid, milliseconds) => [
    `UPDATE sessions SET expired = ${end}, updated_at = ${now} WHERE sid = ?`,
    [milliseconds, sid],
  ],
  destroy: (sid) => ['DELETE FROM sessions WHERE sid = ?', [sid]],
};
