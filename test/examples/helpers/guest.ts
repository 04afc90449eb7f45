import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from '../../../examples/demo/browser';
import { openDatabase } from '../../database';
import type { Scope } from '../../scope';
import { until } from '../../until';
import type { Example } from './example';

/** In milliseconds. A server refreshes its view of transactions only where nobody has looked for a tenth of a second. */
const pause = 150;

/** Somebody at an example, under a name that nobody else has. */
export class Guest {
  readonly name = `Ada-${randomBytes(6).toString('hex')}`;
  readonly browser: Browser;

  constructor(private readonly example: Example) {
    this.browser = example.browser();
  }

  static async loggedIn(example: Example): Promise<Guest> {
    const guest = new Guest(example);
    await guest.logIn();
    await until(async () => (await guest.rows()).length === 1);
    return guest;
  }

  /** The page's text. */
  async visit(): Promise<string> {
    return (await this.browser.visit()).body;
  }

  async logIn(): Promise<void> {
    await this.browser.submit(`/login?name=${this.name}`);
  }

  async logOut(): Promise<void> {
    await this.browser.submit('/logout');
  }

  async paint(colour: string): Promise<void> {
    await this.browser.submit(`/colour?is=${colour}`);
  }

  /** What a request with these cookies, and no browser, is told. */
  async visitWith(cookie: string): Promise<string> {
    const response = await fetch(this.example.url, { headers: { cookie } });
    return response.text();
  }

  /** The sessions that bear the guest's name, each with when it was last written. */
  async rows(): Promise<Array<Record<string, unknown>>> {
    const rows = await this.example.database.query(
      `SELECT CAST(sess AS CHAR), CAST(updated_at AS CHAR) FROM sessions WHERE ${this.#isOwn}`,
    );
    return rows.map(([sess, updatedAt]) => ({ ...JSON.parse(String(sess)), updatedAt }));
  }

  /** How long the guest's session has to live. */
  async secondsLeft(): Promise<number> {
    const [row] = await this.example.database.query(
      `SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), expired) FROM sessions WHERE ${this.#isOwn}`,
    );
    return Number(row?.[0]);
  }

  /** Lets so many seconds of the session's lifetime pass. */
  async age(seconds: number): Promise<void> {
    await this.example.database.query(
      `UPDATE sessions SET expired = expired - INTERVAL ? SECOND WHERE ${this.#isOwn}`,
      [seconds],
    );
  }

  /**
   * Locks the session's row, and lets each request begin once those ahead of it wait for the lock; then all go on.
   * A request that waits for another one of its process never comes to the lock: it is given a second.
   */
  async queue(scope: Scope, requests: ReadonlyArray<() => Promise<unknown>>): Promise<void> {
    const begun: Array<Promise<unknown>> = [];
    await openDatabase(scope, this.example.database.url).withConnection(async ({ query }) => {
      await query('START TRANSACTION');
      await query(`SELECT sid FROM sessions WHERE ${this.#isOwn} FOR UPDATE`);
      for (const request of requests) {
        begun.push(request());
        for (let looks = 0; looks < 7 && (await this.#waiting()) < begun.length; looks++) await sleep(pause);
      }
      await query('COMMIT');
    });
    await Promise.all(begun);
    await until(async () => (await this.#waiting()) === 0, pause);
  }

  /** How many transactions wait for a lock in this database. */
  async #waiting(): Promise<number> {
    const { query, name } = this.example.database;
    const [row] = await query(
      `SELECT COUNT(*) FROM information_schema.innodb_trx
       JOIN information_schema.processlist ON id = trx_mysql_thread_id
       WHERE trx_state = 'LOCK WAIT' AND db = ?`,
      [name],
    );
    return Number(row?.[0]);
  }

  get #isOwn(): string {
    return `JSON_UNQUOTE(JSON_EXTRACT(sess, '$.name')) = '${this.name}'`;
  }
}
