import { randomInt } from 'node:crypto';
import { acts } from './acts';
import { type Answer, ask, cookieOf } from './ask';
import { inLanes } from './lanes';
import { anonymous, type Meetings } from './logout-app';
import type { Timing } from './logout-timings';
import { Meeting } from './meeting';

export interface Rounds {
  readonly origins: readonly string[];
  readonly meetings: Meetings;
  readonly rounds: number;
  readonly timings: readonly [Timing, ...Timing[]];
}

export interface Outcome {
  /** How many users were still, or again, logged in when all of their requests were over. */
  readonly back: number;
  /** How many answers had each status. */
  readonly statuses: Readonly<Record<string, number>>;
}

const lanes = 20;

/** Logs in and out, round by round, while requests are in flight that have the session in hand. */
export async function logOutInRounds({ origins, meetings, rounds, timings }: Rounds): Promise<Outcome> {
  const statuses: Record<string, number> = {};
  let back = 0;

  async function request(path: string, cookie?: string): Promise<Answer> {
    const answer = await ask(`${origins[randomInt(origins.length)]}${path}`, cookie);
    if (answer.status >= 500) {
      throw new Error(answer.body);
    }
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    return answer;
  }

  await inLanes(lanes, rounds / lanes, async () => {
    const login = await request('/login');
    const [sid, cookie] = [login.body, cookieOf(login)];
    const meeting = new Meeting(Object.keys(acts).length);
    meetings.set(sid, meeting);
    const timing = timings[randomInt(timings.length)] ?? timings[0];
    await Promise.all([
      ...Object.keys(acts).map((act) => request(`/acts/${act}`, cookie)),
      timing(meeting, () => request('/logout', cookie)),
    ]);
    meetings.delete(sid);
    const { body } = await request('/user', cookie);
    back += body === anonymous ? 0 : 1;
  });
  return { back, statuses };
}
