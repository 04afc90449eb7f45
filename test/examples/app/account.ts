import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { devicesOn } from '../../../examples/demo/browser';
import { isSignedIn, isSignedOut } from '../helpers/app';
import { Member } from '../helpers/people';
import { app } from '../helpers/shared-app';
import { userAgents } from '../helpers/user-agents';

const { firefoxOnWindows, chromeOnAndroid, safariOnIphone } = userAgents;

test('The home page links to the account page.', async (t) => {
  const { body } = await (await new Member(app).signIn()).visit();
  t.true(body.includes('<a href="/account">'));
});

test('Without a session, the account page redirects to the sign-in page.', async (t) => {
  t.true(isSignedOut(await app.browser().visit('/account')));
});

test('The own device is first, and the others follow in the order of last seen.', async (t) => {
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

test('Devices with the same name get numbers.', async (t) => {
  const ada = new Member(app);
  const own = await ada.signIn(firefoxOnWindows);
  await ada.signIn(firefoxOnWindows);
  t.deepEqual(devicesOn((await own.visit('/account')).body), [
    'Firefox on Windows',
    'Firefox on Windows (2)',
  ]);
});

test('Only the own device is marked.', async (t) => {
  const ada = new Member(app);
  await ada.signIn(firefoxOnWindows);
  const { body } = await (await ada.signIn(chromeOnAndroid)).visit('/account');
  const items = body.split('<li>').slice(1);
  t.deepEqual(
    items.map((item) => item.includes('This device')),
    [true, false],
  );
});

test('Capitals in the name make no difference.', async (t) => {
  const ada = new Member(app);
  await ada.signIn(firefoxOnWindows);
  const loud = app.browser(chromeOnAndroid);
  await loud.submit('/sign-in', { name: ` ${ada.name.toUpperCase()} ` });
  t.deepEqual(devicesOn((await loud.visit('/account')).body), [
    'Chrome on Android',
    'Firefox on Windows',
  ]);
});

test('The page does not list the devices of other users.', async (t) => {
  await new Member(app).signIn(firefoxOnWindows);
  const own = await new Member(app).signIn(chromeOnAndroid);
  t.deepEqual(devicesOn((await own.visit('/account')).body), ['Chrome on Android']);
});

test('A device that another device signed out gets the sign-in page.', async (t) => {
  const ada = new Member(app);
  const other = await ada.signIn(firefoxOnWindows);
  const own = await ada.signIn(chromeOnAndroid);
  await own.visit('/account');
  await own.press('Sign out Firefox on Windows');
  t.false(isSignedIn(await other.visit()));
});

test('A form of a device that was signed out leads to the sign-in page.', async (t) => {
  const ada = new Member(app);
  const other = await ada.signIn(firefoxOnWindows);
  const own = await ada.signIn(chromeOnAndroid);
  await other.visit('/account');
  await own.visit('/account');
  await own.press('Sign out Firefox on Windows');
  const page = await other.press('Sign out Chrome on Android');
  t.is(page.status, 200);
  t.true(isSignedOut(page));
  t.true(isSignedIn(await own.visit()));
});

test('The notice of a sign-out appears once.', async (t) => {
  const ada = new Member(app);
  await ada.signIn(firefoxOnWindows);
  const own = await ada.signIn(chromeOnAndroid);
  await own.visit('/account');
  const { body } = await own.press('Sign out Firefox on Windows');
  t.regex(body, /<p class="notice" role="status">Firefox on Windows is signed out\.<\/p>/);
  t.notRegex((await own.visit('/account')).body, /role="status"/);
});

test('A second sign-out of a device says that it was signed out already.', async (t) => {
  const ada = new Member(app);
  await ada.signIn(firefoxOnWindows);
  const [one, two] = [await ada.signIn(chromeOnAndroid), await ada.signIn(safariOnIphone)];
  await one.visit('/account');
  await two.visit('/account');
  await one.press('Sign out Firefox on Windows');
  const { body } = await two.press('Sign out Firefox on Windows');
  t.regex(body, /That device was signed out already\./);
});

test('"Sign out everywhere else" keeps the own device signed in.', async (t) => {
  const ada = new Member(app);
  await ada.signIn(firefoxOnWindows);
  await ada.signIn(safariOnIphone);
  const own = await ada.signIn(chromeOnAndroid);
  await own.visit('/account');
  const page = await own.press('Sign out everywhere else');
  t.deepEqual(devicesOn(page.body), ['Chrome on Android']);
  t.regex(page.body, /2 other devices are signed out\./);
});

test('"Sign out everywhere else" keeps other users signed in.', async (t) => {
  const grace = await new Member(app).signIn(firefoxOnWindows);
  const ada = new Member(app);
  await ada.signIn(firefoxOnWindows);
  const own = await ada.signIn(chromeOnAndroid);
  await own.visit('/account');
  await own.press('Sign out everywhere else');
  t.true(isSignedIn(await grace.visit()));
});

test('Without other devices, the page has no button to sign them out.', async (t) => {
  const { body } = await (await new Member(app).signIn()).visit('/account');
  t.notRegex(body, /<button>Sign out/);
  t.regex(body, /You're signed in nowhere else\./);
});

test('A visit to the account page writes nothing.', async (t) => {
  const ada = new Member(app);
  const own = await ada.signIn();
  const before = await ada.rows();
  await sleep(5);
  await own.visit('/account');
  t.deepEqual(await ada.rows(), before);
});

test('The session stores the last visit to the minute.', async (t) => {
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

test('The page says when another device was last seen.', async (t) => {
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
