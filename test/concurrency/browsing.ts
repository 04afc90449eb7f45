import type { ExecutionContext } from 'ava';
import type { SessionData, SessionOptions } from 'express-session';
import { Cookie } from 'tough-cookie';
import type { SessionOptions as OurOptions } from '../../src/options';
import { createInstallation, openStore } from '../store';
import { type Answer, ask, cookieOf } from './ask';
import { browsingApp } from './browsing-app';
import { callsInLog } from './call-log';
import { Clock } from './clock';
import { serve } from './listen';

export interface Browsing {
  /** How many requests found the user logged in. */
  readonly greetings: number;
  /** How often each routine was called for them. */
  readonly calls: Readonly<Record<string, number>>;
  /** The least and the most milliseconds that the row outlived the browser's cookie. */
  readonly outlived: readonly [least: number, most: number];
}

export interface Plan {
  readonly requests: number;
  /** Milliseconds from one request to the next. */
  readonly pause: number;
  readonly store?: OurOptions<SessionData>;
  readonly session?: Partial<SessionOptions>;
}

/** Logs somebody in, who then does nothing but look at pages. */
export async function browse(t: ExecutionContext, plan: Plan): Promise<Browsing> {
  const installation = await createInstallation(t, ['application']);
  const origin = await serve(t, browsingApp(openStore(t, installation.accountUrl, plan.store), plan.session));
  const cookie = cookieOf(await ask(`${origin}/login`));
  const clock = new Clock(installation);
  const before = await callsInLog(installation);

  let greetings = 0;
  const outlived: [number, number] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let request = 0; request < plan.requests; request++) {
    await clock.goOn(plan.pause);
    const asked = performance.now();
    const answer = await ask(`${origin}/`, cookie);
    const took = performance.now() - asked;
    greetings += answer.body === 'Hello zoe' ? 1 : 0;
    const excess = (await clock.endOfRow()) - endOfCookie(answer);
    // The cookie was made before the row was prolonged, though never longer before than the request took.
    outlived[0] = Math.min(outlived[0], excess);
    outlived[1] = Math.max(outlived[1], excess - took);
  }
  return { greetings, calls: difference(before, await callsInLog(installation)), outlived };
}

function endOfCookie({ cookies }: Answer): number {
  const expires = Cookie.parse(cookies[0] ?? '')?.expires;
  if (!(expires instanceof Date)) {
    throw new Error('An answer brought no cookie that expires');
  }
  return expires.getTime();
}

function difference(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after)
      .map(([name, count]): [string, number] => [name, count - (before[name] ?? 0)])
      .filter(([, count]) => count > 0),
  );
}
