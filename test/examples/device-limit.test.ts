import test from 'ava';
import { SharedScope } from '../support/scope';
import { appFile, createAppDatabase, isSignedIn, isSignedOut } from './helpers/app';
import { type Example, startExampleOn } from './helpers/example';
import { Member } from './helpers/people';

const scope = new SharedScope();
let app: Example;

test.before(async () => {
  const database = await createAppDatabase(scope, ['application', 'limit_user_id']);
  app = await startExampleOn(scope, database, appFile, { MAX_DEVICES: '2' });
});
test.after.always(() => scope.end());

const reason = 'because you signed in on another device';

test('With a limit of two devices, the third sign-in signs out the first.', async (t) => {
  const ada = new Member(app);
  const [first, second, third] = [await ada.signIn(), await ada.signIn(), await ada.signIn()];
  t.deepEqual([await first.visit(), await second.visit(), await third.visit()].map(isSignedIn), [
    false,
    true,
    true,
  ]);
});

test('The device that was signed out sees why, once.', async (t) => {
  const ada = new Member(app);
  const first = await ada.signIn();
  await ada.signIn();
  await ada.signIn();
  const page = await first.visit();
  t.true(isSignedOut(page));
  t.true(page.body.includes(reason));
  t.false((await first.visit()).body.includes(reason));
});

test('A device that signed itself out, and one of another user, see no reason.', async (t) => {
  const [ada, bob] = [new Member(app), new Member(app)];
  const own = await ada.signIn();
  const other = await bob.signIn();
  await own.press('Sign out');
  t.false((await own.visit()).body.includes(reason));
  t.true(isSignedIn(await other.visit()));
});

test('If a user signs in on many devices at once, two stay signed in.', async (t) => {
  const ada = new Member(app);
  const browsers = await Promise.all(Array.from({ length: 6 }, () => ada.signIn()));
  const pages = await Promise.all(browsers.map((browser) => browser.visit()));
  t.is(pages.filter(isSignedIn).length, 2);
});

test('A cookie with the id of a notice opens no session.', async (t) => {
  const browser = app.browser();
  await browser.useCookies('connect.sid=ended-x; device=..%2F');
  t.true(isSignedOut(await browser.visit()));
});
