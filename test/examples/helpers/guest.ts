import { randomBytes } from 'node:crypto';
import type { Browser } from '../../../examples/demo/browser';
import type { Scope } from '../../scope';
import { until } from '../../until';
import type { Example } from './example';
import { queueForRow } from './queue';

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

  /** Lets requests wait for the session's row, one behind the other. */
  async queue(scope: Scope, requests: ReadonlyArray<() => Promise<unknown>>): Promise<void> {
    await queueForRow(scope, this.example.database, this.#isOwn, requests);
  }

  get #isOwn(): string {
    return `JSON_UNQUOTE(JSON_EXTRACT(sess, '$.name')) = '${this.name}'`;
  }
}
