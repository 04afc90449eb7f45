import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { devicesOn } from '../../examples/demo/markup';
import { SharedScope } from '../scope';
import { startApp } from './helpers/app';
import type { Example } from './helpers/example';
import { isSignedIn, Member } from './helpers/member';
import { userAgents } from './helpers/user-agents';

const { firefoxOnWindows, chromeOnAndroid, safariOnIphone } = userAgents;

const scope = new SharedScope();
let app: Example;

test.before(async () => {
  app = await startApp(scope);
});
test.after.always(() => scope.end());

test('the home page leads to the account page', async (t) => {
  const { body } = await (await new Member(app).signIn()).visit();
  t.true(body.includes('<a href="/account">'));
});

test('whoever is not signed in is asked to, instead of the account page', async (t) => {
  const { body } = await app.browser().visit('/account');
  t.regex(body, /Nobody is signed in/);
});

test('the own device is the first, and the others come as they were last seen', async (t) => {
  const ada = new Member(app);
  await ada.signIn(firefoxOnWindows);
  await ada.signIn(chromeOnAndroid);
  const own = await ada.signIn(safariOnIphone);
  t.deepEqual(devicesOn((await own.visit('/account')).body), [
    'Safari on iPhone',
    'Chrome on Android',
    'Firefox on Windows',
  ]);
});

test('devices of the same make are told apart', async (t) => {
  const ada = new Member(app);
  const own = await ada.signIn(firefoxOnWindows);
  await ada.signIn(firefoxOnWindows);
  t.deepEqual(devicesOn((await own.visit('/account')).body), [
    'Firefox on Windows',
    'Firefox on Windows (2)',
  ]);
});

test('the own device is marked, and no other', async (t) => {
  const ada = new Member(app);
  await ada.signIn(firefoxOnWindows);
  const { body } = await (await ada.signIn(chromeOnAndroid)).visit('/account');
  const items = body.split('<li>').slice(1);
  t.deepEqual(
    items.map((item) => item.includes('This device')),
    [true, false],
  );
});

test('capitals make nobody another person', async (t) => {
  const ada = new Member(app);
  await ada.signIn(firefoxOnWindows);
  const loud = app.browser(chromeOnAndroid);
  await loud.submit('/sign-in', { name: ` ${ada.name.toUpperCase()} ` });
  t.deepEqual(devicesOn((await loud.visit('/account')).body), ['Chrome on Android', 'Firefox on Windows']);
});

test('the devices of others are not listed', async (t) => {
  await new Member(app).signIn(firefoxOnWindows);
  const own = await new Member(app).signIn(chromeOnAndroid);
  t.deepEqual(devicesOn((await own.visit('/account')).body), ['Chrome on Android']);
});

test('a device that is signed out from another is asked to sign in', async (t) => {
  const ada = new Member(app);
  const other = await ada.signIn(firefoxOnWindows);
  const own = await ada.signIn(chromeOnAndroid);
  await own.visit('/account');
  await own.press('Sign out Firefox on Windows');
  t.false(isSignedIn(await other.visit()));
});

test('a form of a device that was signed out leads to the sign-in page', async (t) => {
  const ada = new Member(app);
  const other = await ada.signIn(firefoxOnWindows);
  const own = await ada.signIn(chromeOnAndroid);
  await other.visit('/account');
  await own.visit('/account');
  await own.press('Sign out Firefox on Windows');
  const { status, body } = await other.press('Sign out Chrome on Android');
  t.is(status, 200);
  t.regex(body, /Nobody is signed in/);
  t.true(isSignedIn(await own.visit()));
});

test('signing out a device says so once', async (t) => {
  const ada = new Member(app);
  await ada.signIn(firefoxOnWindows);
  const own = await ada.signIn(chromeOnAndroid);
  await own.visit('/account');
  const { body } = await own.press('Sign out Firefox on Windows');
  t.regex(body, /<p class="notice" role="status">Firefox on Windows is signed out\.<\/p>/);
  t.notRegex((await own.visit('/account')).body, /role="status"/);
});

test('signing out a device twice says that it was out already', async (t) => {
  const ada = new Member(app);
  await ada.signIn(firefoxOnWindows);
  const [one, two] = [await ada.signIn(chromeOnAndroid), await ada.signIn(safariOnIphone)];
  await one.visit('/account');
  await two.visit('/account');
  await one.press('Sign out Firefox on Windows');
  const { body } = await two.press('Sign out Firefox on Windows');
  t.regex(body, /That device was signed out already\./);
});

test('signing out everywhere else leaves the own device', async (t) => {
  const ada = new Member(app);
  await ada.signIn(firefoxOnWindows);
  await ada.signIn(safariOnIphone);
  const own = await ada.signIn(chromeOnAndroid);
  await own.visit('/account');
  const page = await own.press('Sign out everywhere else');
  t.deepEqual(devicesOn(page.body), ['Chrome on Android']);
  t.regex(page.body, /2 other devices are signed out\./);
});

test('signing out everywhere else leaves everybody else', async (t) => {
  const grace = await new Member(app).signIn(firefoxOnWindows);
  const ada = new Member(app);
  await ada.signIn(firefoxOnWindows);
  const own = await ada.signIn(chromeOnAndroid);
  await own.visit('/account');
  await own.press('Sign out everywhere else');
  t.true(isSignedIn(await grace.visit()));
});

test('where nobody else is signed in, there is no button to sign them out', async (t) => {
  const { body } = await (await new Member(app).signIn()).visit('/account');
  t.notRegex(body, /<button>Sign out/);
  t.regex(body, /You're signed in nowhere else\./);
});

test('looking at the account page writes nothing', async (t) => {
  const ada = new Member(app);
  const own = await ada.signIn();
  const before = await ada.rows();
  await sleep(5);
  await own.visit('/account');
  t.deepEqual(await ada.rows(), before);
});

test('when a device was last seen is kept to the minute', async (t) => {
  const ada = new Member(app);
  const own = await ada.signIn();
  const longAgo = new Date(Date.now() - 61_000).toISOString();
  await app.database.query(
    `UPDATE sessions SET sess = JSON_SET(sess, '$.lastSeen', ?) WHERE ${ada.condition}`,
    [longAgo],
  );
  await own.visit('/account');
  const [row] = await ada.rows();
  t.true(Date.now() - Date.parse(String(row?.lastSeen)) < 30_000);
});

test('the page says when another device was last seen', async (t) => {
  const ada = new Member(app);
  await ada.signIn(firefoxOnWindows);
  const seen = new Date(Date.now() - 3 * 3_600_000).toISOString();
  await app.database.query(
    `UPDATE sessions SET sess = JSON_SET(sess, '$.lastSeen', ?) WHERE ${ada.condition}`,
    [seen],
  );
  const { body } = await (await ada.signIn(chromeOnAndroid)).visit('/account');
  t.true(body.includes(`<time datetime="${seen}">3 hours ago</time>`));
});
