import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import type { Page } from '../../examples/demo/browser';
import { createDatabase } from '../database';
import { moveExpiry } from '../store';
import { file, startApp } from './helpers/app';
import { type Example, start } from './helpers/example';

test('a visitor whom the application does not know is asked to sign in', async (t) => {
  const { body } = await (await startApp(t)).browser().visit();
  t.regex(body, /Nobody is signed in/);
});

test('a visitor who has not signed in has no session', async (t) => {
  const app = await startApp(t);
  await app.browser().visit();
  t.is(await rows(app), 0);
});

test('the page says who is signed in', async (t) => {
  const page = await (await startApp(t)).browser().submit('/sign-in', { name: 'Ada' });
  t.is(nameOn(page), 'Ada');
});

test('the page counts visits', async (t) => {
  const browser = (await startApp(t)).browser();
  await browser.submit('/sign-in', { name: 'Ada' });
  const { body } = await browser.visit();
  t.regex(body, /Visits: 2\./);
});

test('a name is shown as it was typed, not run as markup', async (t) => {
  const page = await (await startApp(t)).browser().submit('/sign-in', { name: `<b>"Ada" & 'Co'</b>` });
  t.is(nameOn(page), '&lt;b&gt;&quot;Ada&quot; &amp; &#39;Co&#39;&lt;/b&gt;');
});

for (const [what, name] of [
  ['no name', ''],
  ['a name of blanks', '   '],
  ['a name that is too long', 'a'.repeat(51)],
  ['a name that is too long without its capitals', 'İ'.repeat(26)],
] as const) {
  test(`${what} is refused`, async (t) => {
    const { status } = await (await startApp(t)).browser().submit('/sign-in', { name });
    t.is(status, 400);
  });
}

test('signing in changes the session id, so that nobody else knows it', async (t) => {
  const browser = (await startApp(t)).browser();
  await browser.submit('/sign-in', { name: 'Mallory' });
  const before = await browser.cookies();
  await browser.submit('/sign-in', { name: 'Ada' });
  t.not(await browser.cookies(), before);
});

test('the session id of before opens nothing after signing in', async (t) => {
  const app = await startApp(t);
  const [ada, mallory] = [app.browser(), app.browser()];
  await ada.submit('/sign-in', { name: 'Mallory' });
  await mallory.take(await ada.cookies());
  await ada.submit('/sign-in', { name: 'Ada' });
  t.regex((await mallory.visit()).body, /Nobody is signed in/);
});

test('the cookie is out of the reach of scripts', async (t) => {
  const browser = (await startApp(t)).browser();
  await browser.submit('/sign-in', { name: 'Ada' });
  t.regex(String(await browser.cookieHeaders()), /; HttpOnly/);
});

test('the cookie does not come with what other sites post', async (t) => {
  const browser = (await startApp(t)).browser();
  await browser.submit('/sign-in', { name: 'Ada' });
  t.regex(String(await browser.cookieHeaders()), /; SameSite=lax/i);
});

test('signing out removes the session', async (t) => {
  const app = await startApp(t);
  const browser = app.browser();
  await browser.submit('/sign-in', { name: 'Ada' });
  await browser.submit('/sign-out');
  t.is(await rows(app), 0);
});

test('signing out removes the cookie', async (t) => {
  const browser = (await startApp(t)).browser();
  await browser.submit('/sign-in', { name: 'Ada' });
  await browser.submit('/sign-out');
  t.is(await browser.cookies(), '');
});

test('signing out where nobody is signed in does no harm', async (t) => {
  const { status } = await (await startApp(t)).browser().submit('/sign-out');
  t.is(status, 200);
});

test('signing out leaves other browsers signed in', async (t) => {
  const app = await startApp(t);
  const [ada, grace] = [app.browser(), app.browser()];
  await ada.submit('/sign-in', { name: 'Ada' });
  await grace.submit('/sign-in', { name: 'Grace' });
  await ada.submit('/sign-out');
  t.is(nameOn(await grace.visit()), 'Grace');
});

test('a session that has expired signs nobody in', async (t) => {
  const app = await startApp(t);
  const browser = app.browser();
  await browser.submit('/sign-in', { name: 'Ada' });
  await moveExpiry(app.database, -1_000);
  t.regex((await browser.visit()).body, /Nobody is signed in/);
});

test('the application cleans up what has expired', async (t) => {
  const app = await startApp(t, { CLEANUP_INTERVAL_MS: '50' });
  await app.browser().submit('/sign-in', { name: 'Ada' });
  await moveExpiry(app.database, -1_000);
  for (let patience = 100; patience > 0 && (await rows(app)) > 0; patience--) {
    await sleep(100);
  }
  t.is(await rows(app), 0);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`on ${signal} the application closes what it opened and ends`, async (t) => {
    const app = await startApp(t);
    await app.browser().submit('/sign-in', { name: 'Ada' });
    t.is(await app.stop(signal), 0);
  });
}

test('the application does not start where it was granted nothing, and names the remedy', async (t) => {
  const { url } = await createDatabase(t);
  const env = { MYSQL_URL: url, SESSION_SECRET: 'a secret of the tests', PORT: '0' };
  await t.throwsAsync(start(t, file, env), { message: /ended with 1:.*knex-mysql-session migrate/s });
});

function nameOn({ body }: Page): string | undefined {
  return /Signed in as <strong>(.*?)<\/strong>/.exec(body)?.[1];
}

async function rows({ database }: Example): Promise<number> {
  const [row] = await database.query('SELECT COUNT(*) FROM sessions');
  return Number(row?.[0]);
}
