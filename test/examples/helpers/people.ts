import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from '../../../examples/demo/browser';
import { lockWaits } from '../../support/connections';
import { openDatabase, type TestDatabase } from '../../support/database';
import type { Scope } from '../../support/scope';
import { waitUntil } from '../../support/wait-until';
import type { Example } from './example';

type Row = Record<string, unknown>;

/** A person with a unique name, which identifies the sessions of this person. */
class Person {
  readonly name = `Ada-${randomBytes(6).toString('hex')}`;

  constructor(protected readonly example: Example) {}

  /** The condition, in SQL, that selects the sessions of this person. */
  get condition(): string {
    return `JSON_UNQUOTE(JSON_EXTRACT(sess, '$.name')) = '${this.name}'`;
  }

  /** Returns the data of each session with its id and its last write, the oldest session first. */
  async rows(): Promise<Row[]> {
    const rows = await this.example.database.query(
      `SELECT CAST(sess AS CHAR), sid, CAST(updated_at AS CHAR) FROM sessions
       WHERE ${this.condition} ORDER BY created_at`,
    );
    return rows.map(([sess, sid, updatedAt]) => ({ ...JSON.parse(String(sess)), sid, updatedAt }));
  }

  /** Sets the expiry of the sessions to the past. */
  async expire(): Promise<void> {
    await this.example.database.query(
      `UPDATE sessions SET expired = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND WHERE ${this.condition}`,
    );
  }
}

/** A visitor of a framework's example. */
export class Guest extends Person {
  readonly browser: Browser = this.example.browser();

  static async loggedIn(example: Example): Promise<Guest> {
    const guest = new Guest(example);
    await guest.logIn();
    await waitUntil(async () => (await guest.rows()).length === 1);
    return guest;
  }

  /** Returns the text of the page. */
  async visit(): Promise<string> {
    return (await this.browser.visit()).body;
  }

  async logIn(): Promise<void> {
    await this.browser.submit(`/login?name=${this.name}`);
  }

  async logOut(): Promise<void> {
    await this.browser.submit('/logout');
  }

  async setColor(color: string): Promise<void> {
    await this.browser.submit(`/color?is=${color}`);
  }

  /** Visits with these cookies, and ignores the cookies of the answer. */
  async visitWith(cookie: string): Promise<string> {
    const response = await fetch(this.example.url, { headers: { cookie } });
    return response.text();
  }

  /** Returns the seconds until the session expires. */
  async secondsLeft(): Promise<number> {
    const [row] = await this.example.database.query(
      `SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), expired)
       FROM sessions WHERE ${this.condition}`,
    );
    return Number(row?.[0]);
  }

  /** Moves the expiry of the session to an earlier time. */
  async age(seconds: number): Promise<void> {
    await this.example.database.query(
      `UPDATE sessions SET expired = expired - INTERVAL ? SECOND WHERE ${this.condition}`,
      [seconds],
    );
  }

  /** Sends requests that all wait for the session's row, in this order. */
  async queue(scope: Scope, requests: ReadonlyArray<() => Promise<unknown>>): Promise<void> {
    const { database, waitsInProcess } = this.example;
    const waits = waitsInProcess ? 1 : requests.length;
    await queueForRow(scope, database, this.condition, requests, waits);
  }

  /**
   * Visits, and stops the example while the visit waits for the session's row.
   *
   * @returns the text of the page, and the exit code
   */
  async visitDuringStop(scope: Scope): Promise<[string, number | null]> {
    const { database, url, stop } = this.example;
    let visit = Promise.resolve('');
    let ended: ReturnType<typeof stop> = Promise.resolve(null);
    await withRowLocked(scope, database, this.condition, async () => {
      visit = this.visit();
      await waitForLocks(database, (count) => count > 0);
      ended = stop();
      // Fastify answers 503 until the requests under way end. The others accept no connection. A
      // page without a session does not wait for the lock, which also covers new rows.
      await waitUntil(() =>
        fetch(`${url}/missing`).then(
          ({ status }) => status === 503,
          () => true,
        ),
      );
    });
    return Promise.all([visit, ended]);
  }
}

/** A user of the example application. */
export class Member extends Person {
  /** Signs in on another device. */
  async signIn(userAgent?: string): Promise<Browser> {
    const browser = this.example.browser(userAgent);
    await browser.submit('/sign-in', { name: this.name });
    return browser;
  }
}

/**
 * Locks a session's row, and starts each request when the earlier requests wait for the lock. Then
 * releases the lock.
 *
 * @param condition selects the row, in SQL
 * @param waits how many requests reach the lock, because the others wait inside their process
 */
export async function queueForRow(
  scope: Scope,
  database: TestDatabase,
  condition: string,
  requests: ReadonlyArray<() => Promise<unknown>>,
  waits = requests.length,
): Promise<void> {
  const started: Array<Promise<unknown>> = [];
  await withRowLocked(scope, database, condition, async () => {
    for (const request of requests) {
      started.push(request());
      // Nothing shows that a request waits inside its process.
      if (started.length > waits) await sleep(1_000);
      else await waitForLocks(database, (count) => count >= started.length);
    }
  });
  await Promise.all(started);
  await waitForLocks(database, (count) => count === 0);
}

/** Locks a session's row during some work. */
async function withRowLocked(
  scope: Scope,
  database: TestDatabase,
  condition: string,
  work: () => Promise<unknown>,
): Promise<void> {
  await openDatabase(scope, database.url).withConnection(async ({ query }) => {
    await query('START TRANSACTION');
    await query(`SELECT sid FROM sessions WHERE ${condition} FOR UPDATE`);
    await work();
    await query('COMMIT');
  });
}

function waitForLocks(database: TestDatabase, check: (count: number) => boolean): Promise<void> {
  return waitUntil(async () => check((await lockWaits(database)).length));
}
