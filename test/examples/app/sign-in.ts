import test from 'ava';
import type { Page } from '../../../examples/demo/browser';
import { isSignedOut } from '../helpers/app';
import { Member } from '../helpers/people';
import { app } from '../helpers/shared-app';

test('A new visitor gets the sign-in page.', async (t) => {
  t.true(isSignedOut(await app.browser().visit()));
});

// Serial tests run ahead of the others, which create sessions.
test.serial('A visitor has no session before the sign-in.', async (t) => {
  const before = await countSessions();
  await app.browser().visit();
  t.is(await countSessions(), before);
});

test('The page says who is signed in.', async (t) => {
  const { name } = new Member(app);
  t.is(nameOn(await app.browser().submit('/sign-in', { name })), name);
});

test('The page counts visits.', async (t) => {
  const { body } = await (await new Member(app).signIn()).visit();
  t.regex(body, /Visits: 2\./);
});

test('A name with markup is shown as text.', async (t) => {
  const page = await app.browser().submit('/sign-in', { name: `<b>"Ada" & 'Co'</b>` });
  t.is(nameOn(page), '&lt;b&gt;&quot;Ada&quot; &amp; &#39;Co&#39;&lt;/b&gt;');
});

for (const [what, name] of [
  ['An empty name', ''],
  ['A name of blanks', '   '],
  ['A name that is too long', 'a'.repeat(51)],
  ['A name that is too long in lower case', 'İ'.repeat(26)],
] as const) {
  test(`${what} is refused.`, async (t) => {
    const { status } = await app.browser().submit('/sign-in', { name });
    t.is(status, 400);
  });
}

test('A sign-in changes the session id.', async (t) => {
  const browser = await new Member(app).signIn();
  const before = await browser.cookies();
  await browser.submit('/sign-in', { name: new Member(app).name });
  t.not(await browser.cookies(), before);
});

test('After a sign-in, the old session id opens no session.', async (t) => {
  const ada = await new Member(app).signIn();
  const mallory = app.browser();
  await mallory.useCookies(await ada.cookies());
  await ada.submit('/sign-in', { name: new Member(app).name });
  t.true(isSignedOut(await mallory.visit()));
});

test('Scripts cannot read the cookie.', async (t) => {
  const browser = await new Member(app).signIn();
  t.regex(String(await browser.cookieHeaders()), /; HttpOnly/);
});

test('Browsers do not send the cookie with posts from other sites.', async (t) => {
  const browser = await new Member(app).signIn();
  t.regex(String(await browser.cookieHeaders()), /; SameSite=lax/i);
});

test('A sign-out deletes the session.', async (t) => {
  const ada = new Member(app);
  const browser = await ada.signIn();
  t.is((await ada.rows()).length, 1);
  await browser.submit('/sign-out');
  t.deepEqual(await ada.rows(), []);
});

test('A sign-out deletes the cookie.', async (t) => {
  const browser = await new Member(app).signIn();
  await browser.submit('/sign-out');
  t.is(await browser.cookies(), '');
});

test('A sign-out without a session is no error.', async (t) => {
  const { status } = await app.browser().submit('/sign-out');
  t.is(status, 200);
});

test('A sign-out keeps other users signed in.', async (t) => {
  const [ada, grace] = [new Member(app), new Member(app)];
  const [browser, other] = [await ada.signIn(), await grace.signIn()];
  await browser.submit('/sign-out');
  t.is(nameOn(await other.visit()), grace.name);
});

test('An expired session is signed out.', async (t) => {
  const ada = new Member(app);
  const browser = await ada.signIn();
  await ada.expire();
  t.true(isSignedOut(await browser.visit()));
});

async function countSessions(): Promise<number> {
  const [row] = await app.database.query('SELECT COUNT(*) FROM sessions');
  return Number(row?.[0]);
}

function nameOn({ body }: Page): string | undefined {
  return /Signed in as <strong>(.*?)<\/strong>/.exec(body)?.[1];
}
