import type { Express } from 'express';
import type { Store } from 'express-session';
import { cookieOf, get } from '../../support/http';
import { type CallRecorder, runInParallel } from './parallel';
import { sessionApp } from './session-app';

/** Creates an app that counts requests in the session, under the key in the request's path. */
export function counterApp(store: Store): Express {
  return sessionApp(store, (app) => {
    app.get('/count/:key', ({ session, params: { key } }, response) => {
      const count = Number(Reflect.get(session, key) ?? 0) + 1;
      Reflect.set(session, key, count);
      response.send(String(count));
    });
    app.get('/counts', ({ session: { cookie: _, ...counts } }, response) => {
      response.json(counts);
    });
  });
}

export interface CountPlan {
  /** The origins of counter apps with the same database. */
  readonly origins: readonly string[];
  readonly workers: number;
  readonly rounds: number;
}

export interface CountResult {
  /** The final count of each worker. */
  readonly counts: readonly number[];
  /** The number of updates that the counts lack. */
  readonly lost: number;
}

/** Starts a session in the first app, and returns its cookie. */
export async function startCounting([origin]: readonly string[]): Promise<string> {
  return cookieOf(await get(`${origin}/count/first`));
}

/**
 * Counts in one session with parallel workers, each under its own key. Each worker goes from app to
 * app. An app must see what the worker counted in the app before.
 */
export async function countInParallel(
  { origins, workers, rounds }: CountPlan,
  cookie: string,
  recorder: CallRecorder,
): Promise<CountResult> {
  await runInParallel(workers, rounds, (worker, round) => {
    const origin = origins[(worker + round) % origins.length];
    return recorder.record(() => get(`${origin}/count/worker${worker}`, cookie));
  });
  const response = await get(`${origins[0]}/counts`, cookie);
  const stored: Record<string, number> = JSON.parse(response.body);
  const counts = Array.from({ length: workers }, (_, worker) => stored[`worker${worker}`] ?? 0);
  return { counts, lost: workers * rounds - counts.reduce((sum, count) => sum + count, 0) };
}
