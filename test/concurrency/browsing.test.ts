import test, { type ExecutionContext } from 'ava';
import { bootForFile } from '../matrix/private-server';
import { type Browsing, browse } from './browsing';

bootForFile(async () => ['--general-log=1', '--log-output=TABLE']);

let halfAnHour: Promise<Browsing> | undefined;

/** 1,000 requests over the 30 minutes that the cookie lives for. Several tests look at the same ones. */
function browseForHalfAnHour(t: ExecutionContext): Promise<Browsing> {
  t.timeout(300_000);
  halfAnHour ??= browse(t, { requests: 1_000, pause: 1_800 });
  return halfAnHour;
}

// By default, 1 % of the half hour.
const touchAfter = 18_000;

// A cookie tells full seconds alone; the rest is for clocks that are set meanwhile.
const slack = 2_000;

test('A thousand requests that change nothing read the session a thousand times, and touch it when touchAfter is over.', async (t) => {
  const { calls } = await browseForHalfAnHour(t);
  t.log(calls);
  const { 'CALL sess_touch': touches = 0, ...others } = calls;
  t.deepEqual(others, { 'CALL sess_get': 1_000 });
  t.true(touches >= 85 && touches <= 105);
});

test('A session that is touched so seldom lives all the while.', async (t) => {
  t.is((await browseForHalfAnHour(t)).greetings, 1_000);
});

test('The row of a session that is touched so seldom never ends before the cookie.', async (t) => {
  const [least] = (await browseForHalfAnHour(t)).outlived;
  t.log(`It outlived the cookie by ${Math.round(least)} ms at least`);
  t.true(least >= -slack);
});

test('The row of a session that is touched so seldom never outlives the cookie by more than touchAfter.', async (t) => {
  const [, most] = (await browseForHalfAnHour(t)).outlived;
  t.log(`It outlived the cookie by ${Math.round(most)} ms at most`);
  t.true(most <= touchAfter + slack);
});

test('With touchAfter 0, each request touches the session.', async (t) => {
  const { calls } = await browse(t, { requests: 100, pause: 1_800, store: { touchAfter: 0 } });
  t.deepEqual(calls, { 'CALL sess_get': 100, 'CALL sess_touch': 100 });
});

test('A session that each request saves unchanged is touched no more often.', async (t) => {
  const { calls } = await browse(t, { requests: 100, pause: 1_800, session: { resave: true } });
  t.log(calls);
  const { 'CALL sess_touch': touches = 0, ...others } = calls;
  t.deepEqual(others, { 'CALL sess_get': 100 });
  t.true(touches >= 8 && touches <= 15);
});
