import type { ExecutionContext } from 'ava';
import type { Express } from 'express';
import type { SessionOptions as ExpressSessionOptions, SessionData, Store } from 'express-session';
import { Cookie } from 'tough-cookie';
import type { SessionOptions } from '../../../src/options/store-options';
import type { TestDatabase } from '../../support/database';
import { cookieOf, get, type HttpResponse, serve } from '../../support/http';
import { createInstallation, openStore, type TestInstallation } from '../../support/store';
import { sessionApp } from './session-app';

export interface PageViewPlan {
  readonly requests: number;
  /** Milliseconds between two requests. */
  readonly interval: number;
  readonly store?: SessionOptions<SessionData>;
  readonly session?: Partial<ExpressSessionOptions>;
}

export interface PageViewResult {
  /** The number of requests that found the user logged in. */
  readonly greetings: number;
  /** The number of calls of each routine. */
  readonly calls: Readonly<Record<string, number>>;
  /** The minimum and maximum of the milliseconds by which the row outlived the cookie. */
  readonly outlived: readonly [min: number, max: number];
}

/** Logs a user in, and then requests a page that does not change the session. */
export async function viewPages(t: ExecutionContext, plan: PageViewPlan): Promise<PageViewResult> {
  const installation = await createInstallation(t, ['application']);
  const store = openStore(t, installation.accountUrl, plan.store);
  const origin = await serve(t, greetingApp(store, plan.session));
  const cookie = cookieOf(await get(`${origin}/login`));
  const clock = new SessionClock(installation);
  const before = await countCalls(installation);

  let greetings = 0;
  const outlived: [number, number] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let request = 0; request < plan.requests; request++) {
    await clock.advance(plan.interval);
    const start = performance.now();
    const response = await get(`${origin}/`, cookie);
    const duration = performance.now() - start;
    greetings += response.body === 'Hello zoe' ? 1 : 0;
    const excess = (await clock.rowExpiry()) - cookieExpiry(response);
    // The app creates the cookie before the touch, earlier by at most the duration of the request.
    outlived[0] = Math.min(outlived[0], excess);
    outlived[1] = Math.max(outlived[1], excess - duration);
  }
  return { greetings, calls: difference(before, await countCalls(installation)), outlived };
}

/** An app whose cookies live for 30 minutes from each request on. */
function greetingApp(store: Store, options: Partial<ExpressSessionOptions> = {}): Express {
  return sessionApp(
    store,
    (app) => {
      app.get('/login', ({ session }, response) => {
        session.user = 'zoe';
        response.send('Welcome');
      });
      app.get('/', ({ session }, response) => {
        response.send(`Hello ${session.user}`);
      });
    },
    { rolling: true, cookie: { maxAge: 1_800_000 }, ...options },
  );
}

/** Makes the sessions of a database age faster than real time. */
class SessionClock {
  #last = performance.now();

  constructor(private readonly database: TestDatabase) {}

  /** Ages all sessions by the given milliseconds. Subtracts the real time since the last call. */
  async advance(milliseconds: number): Promise<void> {
    const now = performance.now();
    const missing = Math.max(0, milliseconds - (now - this.#last));
    this.#last = now;
    const age = `INTERVAL ${Math.round(missing * 1_000)} MICROSECOND`;
    await this.database.query(
      `UPDATE sessions
       SET expired = expired - ${age}, created_at = created_at - ${age}, updated_at = updated_at - ${age}`,
    );
  }

  /** Returns the expiry of the only session in milliseconds since 1970. */
  async rowExpiry(): Promise<number> {
    const [row] = await this.database.query(
      "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', expired) DIV 1000 FROM sessions",
    );
    return Number(row?.[0]);
  }
}

/** Counts the calls of each routine by the account, from the server's general log. */
async function countCalls({
  query,
  accountUrl,
}: TestInstallation): Promise<Record<string, number>> {
  const rows = await query(
    `SELECT SUBSTRING_INDEX(CONVERT(argument USING utf8mb4), '(', 1), COUNT(*) FROM mysql.general_log
     WHERE command_type = 'Query' AND user_host LIKE ? GROUP BY 1`,
    [`${new URL(accountUrl).username}[%`],
  );
  return Object.fromEntries(rows.map(([call, count]) => [String(call), Number(count)]));
}

function cookieExpiry({ cookies }: HttpResponse): number {
  const expires = Cookie.parse(cookies[0] ?? '')?.expires;
  if (!(expires instanceof Date)) {
    throw new Error('The response has no cookie with an expiry');
  }
  return expires.getTime();
}

function difference(
  before: Record<string, number>,
  after: Record<string, number>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after)
      .map(([name, count]): [string, number] => [name, count - (before[name] ?? 0)])
      .filter(([, count]) => count > 0),
  );
}
