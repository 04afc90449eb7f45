import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import type { Page } from '../../examples/demo/browser';
import { createDatabase } from '../support/database';
import { setExpiry } from '../support/store';
import { appFile, isSignedOut, startApp } from './helpers/app';
import { type Example, exampleEnv, start } from './helpers/example';

test('A new visitor gets the sign-in page.', async (t) => {
  t.true(isSignedOut(await (await startApp(t)).browser().visit()));
});

test('A visitor has no session before the sign-in.', async (t) => {
  const app = await startApp(t);
  await app.browser().visit();
  t.is(await rows(app), 0);
});

test('The page says who is signed in.', async (t) => {
  const page = await (await startApp(t)).browser().submit('/sign-in', { name: 'Ada' });
  t.is(nameOn(page), 'Ada');
});

test('The page counts visits.', async (t) => {
  const browser = (await startApp(t)).browser();
  await browser.submit('/sign-in', { name: 'Ada' });
  const { body } = await browser.visit();
  t.regex(body, /Visits: 2\./);
});

test('A name with markup is shown as text.', async (t) => {
  const page = await (await startApp(t))
    .browser()
    .submit('/sign-in', { name: `<b>"Ada" & 'Co'</b>` });
  t.is(nameOn(page), '&lt;b&gt;&quot;Ada&quot; &amp; &#39;Co&#39;&lt;/b&gt;');
});

for (const [what, name] of [
  ['An empty name', ''],
  ['A name of blanks', '   '],
  ['A name that is too long', 'a'.repeat(51)],
  ['A name that is too long in lower case', 'İ'.repeat(26)],
] as const) {
  test(`${what} is refused.`, async (t) => {
    const { status } = await (await startApp(t)).browser().submit('/sign-in', { name });
    t.is(status, 400);
  });
}

test('A sign-in changes the session id.', async (t) => {
  const browser = (await startApp(t)).browser();
  await browser.submit('/sign-in', { name: 'Mallory' });
  const before = await browser.cookies();
  await browser.submit('/sign-in', { name: 'Ada' });
  t.not(await browser.cookies(), before);
});

test('After a sign-in, the old session id opens no session.', async (t) => {
  const app = await startApp(t);
  const [ada, mallory] = [app.browser(), app.browser()];
  await ada.submit('/sign-in', { name: 'Mallory' });
  await mallory.useCookies(await ada.cookies());
  await ada.submit('/sign-in', { name: 'Ada' });
  t.true(isSignedOut(await mallory.visit()));
});

test('Scripts cannot read the cookie.', async (t) => {
  const browser = (await startApp(t)).browser();
  await browser.submit('/sign-in', { name: 'Ada' });
  t.regex(String(await browser.cookieHeaders()), /; HttpOnly/);
});

test('Browsers do not send the cookie with posts from other sites.', async (t) => {
  const browser = (await startApp(t)).browser();
  await browser.submit('/sign-in', { name: 'Ada' });
  t.regex(String(await browser.cookieHeaders()), /; SameSite=lax/i);
});

test('A sign-out deletes the session.', async (t) => {
  const app = await startApp(t);
  const browser = app.browser();
  await browser.submit('/sign-in', { name: 'Ada' });
  await browser.submit('/sign-out');
  t.is(await rows(app), 0);
});

test('A sign-out deletes the cookie.', async (t) => {
  const browser = (await startApp(t)).browser();
  await browser.submit('/sign-in', { name: 'Ada' });
  await browser.submit('/sign-out');
  t.is(await browser.cookies(), '');
});

test('A sign-out without a session is no error.', async (t) => {
  const { status } = await (await startApp(t)).browser().submit('/sign-out');
  t.is(status, 200);
});

test('A sign-out keeps other users signed in.', async (t) => {
  const app = await startApp(t);
  const [ada, grace] = [app.browser(), app.browser()];
  await ada.submit('/sign-in', { name: 'Ada' });
  await grace.submit('/sign-in', { name: 'Grace' });
  await ada.submit('/sign-out');
  t.is(nameOn(await grace.visit()), 'Grace');
});

test('An expired session is signed out.', async (t) => {
  const app = await startApp(t);
  const browser = app.browser();
  await browser.submit('/sign-in', { name: 'Ada' });
  await setExpiry(app.database, -1_000);
  t.true(isSignedOut(await browser.visit()));
});

test('The application cleans up expired sessions.', async (t) => {
  const app = await startApp(t, { CLEANUP_INTERVAL_MS: '50' });
  await app.browser().submit('/sign-in', { name: 'Ada' });
  await setExpiry(app.database, -1_000);
  for (let patience = 100; patience > 0 && (await rows(app)) > 0; patience--) {
    await sleep(100);
  }
  t.is(await rows(app), 0);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`On ${signal}, the application ends with exit code 0.`, async (t) => {
    const app = await startApp(t);
    await app.browser().submit('/sign-in', { name: 'Ada' });
    t.is(await app.stop(signal), 0);
  });
}

test('Without an installation, the application does not start and names the remedy.', async (t) => {
  const { url } = await createDatabase(t);
  await t.throwsAsync(start(t, appFile, exampleEnv(url)), {
    message: /ended with 1:.*knex-mysql-session migrate/s,
  });
});

function nameOn({ body }: Page): string | undefined {
  return /Signed in as <strong>(.*?)<\/strong>/.exec(body)?.[1];
}

async function rows({ database }: Example): Promise<number> {
  const [row] = await database.query('SELECT COUNT(*) FROM sessions');
  return Number(row?.[0]);
}
