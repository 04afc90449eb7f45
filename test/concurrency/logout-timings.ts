import { setTimeout as sleep } from 'node:timers/promises';
import type { Meeting } from './meeting';

/** When a session is logged out, while requests are in flight. */
export type Timing = (meeting: Meeting, logOut: () => Promise<unknown>) => Promise<void>;

export const beforeAnyGoesOn: Timing = async (meeting, logOut) => {
  await meeting.complete;
  await logOut();
  meeting.letGo();
};

export const whileAllGoOn: Timing = async (meeting, logOut) => {
  await meeting.complete;
  meeting.letGo();
  await sleep(3 * Math.random());
  await logOut();
};

export const whileTheyLoad: Timing = async (meeting, logOut) => {
  meeting.letGo();
  await sleep(3 * Math.random());
  await logOut();
};
