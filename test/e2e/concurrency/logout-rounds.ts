import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { cookieOf, get, type HttpResponse } from '../../support/http';
import { actionNames, anonymous, type Barriers } from './logout-app';
import { Barrier, runInParallel } from './parallel';

/** Logs a session out at a certain time, while other requests are in flight. */
export type LogoutTiming = (barrier: Barrier, logOut: () => Promise<unknown>) => Promise<void>;

export const logOutBeforeActions: LogoutTiming = async (barrier, logOut) => {
  await barrier.full;
  await logOut();
  barrier.release();
};

export const logOutDuringActions: LogoutTiming = async (barrier, logOut) => {
  await barrier.full;
  barrier.release();
  await sleep(3 * Math.random());
  await logOut();
};

export const logOutDuringLoads: LogoutTiming = async (barrier, logOut) => {
  barrier.release();
  await sleep(3 * Math.random());
  await logOut();
};

export interface LogoutPlan {
  /** The origins of logout apps with the same barriers. */
  readonly origins: readonly string[];
  readonly barriers: Barriers;
  readonly rounds: number;
  /** Each round uses one of them at random. */
  readonly timings: readonly [LogoutTiming, ...LogoutTiming[]];
}

export interface LogoutResult {
  /** The number of sessions that existed after the logout and all other requests. */
  readonly restored: number;
  /** The number of responses with each status. */
  readonly statuses: Readonly<Record<string, number>>;
}

const workers = 20;

/** Logs in and out in rounds. During each logout, requests with a loaded session are in flight. */
export async function runLogoutRounds({
  origins,
  barriers,
  rounds,
  timings,
}: LogoutPlan): Promise<LogoutResult> {
  const statuses: Record<string, number> = {};
  let restored = 0;

  async function request(path: string, cookie?: string): Promise<HttpResponse> {
    const response = await get(`${origins[randomInt(origins.length)]}${path}`, cookie);
    statuses[response.status] = (statuses[response.status] ?? 0) + 1;
    return response;
  }

  await runInParallel(workers, rounds / workers, async () => {
    const login = await request('/login');
    const [sid, cookie] = [login.body, cookieOf(login)];
    const barrier = new Barrier(actionNames.length);
    barriers.set(sid, barrier);
    const timing = timings[randomInt(timings.length)] ?? timings[0];
    await Promise.all([
      ...actionNames.map((action) => request(`/actions/${action}`, cookie)),
      timing(barrier, () => request('/logout', cookie)),
    ]);
    barriers.delete(sid);
    const { body } = await request('/user', cookie);
    restored += body === anonymous ? 0 : 1;
  });
  return { restored, statuses };
}
