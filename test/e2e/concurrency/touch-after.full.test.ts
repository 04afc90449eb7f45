import test, { type ExecutionContext } from 'ava';
import { bootForFile } from '../../support/boot';
import { type PageViewResult, viewPages } from './page-views';

bootForFile(async () => ['--general-log=1', '--log-output=TABLE']);

let halfAnHour: Promise<PageViewResult> | undefined;

/** Views 1,000 pages in the 30 minutes of the cookie's life. Several tests check the result. */
function viewPagesForHalfAnHour(t: ExecutionContext): Promise<PageViewResult> {
  t.timeout(300_000);
  halfAnHour ??= viewPages(t, { requests: 1_000, interval: 1_800 });
  return halfAnHour;
}

// The default of 1 % of the half hour.
const touchAfter = 18_000;

// A cookie's expiry has whole seconds. The rest allows for changes of the system clock.
const tolerance = 2_000;

test('A thousand requests without changes touch the session only once per touchAfter.', async (t) => {
  const { calls } = await viewPagesForHalfAnHour(t);
  t.log(calls);
  const { 'CALL sess_touch': touches = 0, ...others } = calls;
  t.deepEqual(others, { 'CALL sess_get': 1_000 });
  t.true(touches >= 85 && touches <= 105);
});

test('A session with so few touches stays live for all requests.', async (t) => {
  t.is((await viewPagesForHalfAnHour(t)).greetings, 1_000);
});

test('The row of a session with so few touches never expires before the cookie.', async (t) => {
  const [min] = (await viewPagesForHalfAnHour(t)).outlived;
  t.log(`It outlived the cookie by at least ${Math.round(min)} ms`);
  t.true(min >= -tolerance);
});

test('The row of a session with so few touches outlives the cookie by at most touchAfter.', async (t) => {
  const [, max] = (await viewPagesForHalfAnHour(t)).outlived;
  t.log(`It outlived the cookie by at most ${Math.round(max)} ms`);
  t.true(max <= touchAfter + tolerance);
});

test('With touchAfter 0, each request touches the session.', async (t) => {
  const { calls } = await viewPages(t, {
    requests: 100,
    interval: 1_800,
    store: { touchAfter: 0 },
  });
  t.deepEqual(calls, { 'CALL sess_get': 100, 'CALL sess_touch': 100 });
});

test('A save of an unchanged session in each request causes no additional touches.', async (t) => {
  const { calls } = await viewPages(t, {
    requests: 100,
    interval: 1_800,
    session: { resave: true },
  });
  t.log(calls);
  // If the process stalls between two readings of the clock, express-session changes the cookie.
  const { 'CALL sess_touch': touches = 0, 'CALL sess_merge': merges = 0, ...others } = calls;
  t.deepEqual(others, { 'CALL sess_get': 100 });
  t.true(touches + merges >= 8 && touches + merges <= 15);
});
