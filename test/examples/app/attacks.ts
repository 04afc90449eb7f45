import test from 'ava';
import type { Browser } from '../../../examples/demo/browser';
import { hiddenFields, isSignedIn } from '../helpers/app';
import { Member } from '../helpers/people';
import { app } from '../helpers/shared-app';
import { userAgents } from '../helpers/user-agents';

const { firefoxOnWindows, chromeOnAndroid } = userAgents;

/** Forged fields, made of the tokens of this session and of another session of the same user. */
const forgeries: Readonly<Record<string, (own: string, other: string) => Record<string, string>>> =
  {
    'no token': () => ({}),
    'an empty token': () => ({ token: '' }),
    'a wrong token': (own) => ({ token: `${own.startsWith('A') ? 'B' : 'A'}${own.slice(1)}` }),
    'half of the token': (own) => ({ token: own.slice(0, own.length / 2) }),
    'the token of another session': (_own, other) => ({ token: other }),
  };

for (const [what, forge] of Object.entries(forgeries)) {
  for (const path of ['/sign-out', '/account/sign-out', '/account/sign-out-others']) {
    test(`${path} refuses a form with ${what}, and changes nothing.`, async (t) => {
      const { ada, own, other } = await twoDevices();
      const { token = '', device = '' } = hiddenFields(
        await own.visit('/account'),
        'Sign out Firefox on Windows',
      );
      const { token: another = '' } = hiddenFields(
        await other.visit('/account'),
        'Sign out Chrome on Android',
      );
      const before = await ada.rows();
      const { status } = await own.post(path, { device, ...forge(token, another) });
      t.is(status, 403);
      t.deepEqual(await ada.rows(), before);
    });
  }
}

test('The refusal says that nothing was changed.', async (t) => {
  const { own } = await twoDevices();
  const { body } = await own.post('/sign-out', { token: 'a guess' });
  t.regex(body, /Nothing was changed\./);
});

test('A session without a token accepts no form.', async (t) => {
  const { ada, own } = await twoDevices();
  await app.database.query(
    `UPDATE sessions SET sess = JSON_REMOVE(sess, '$.formToken') WHERE ${ada.condition}`,
  );
  const before = await ada.rows();
  await own.post('/account/sign-out-others', { token: '' });
  t.is((await ada.rows()).length, before.length);
});

for (const [what, headers] of [
  ['the origin of another site', { origin: 'https://evil.example' }],
  ['no header that names a site', {}],
  ['the origin null', { origin: 'null' }],
  ['Sec-Fetch-Site cross-site', { 'sec-fetch-site': 'cross-site' }],
  ['Sec-Fetch-Site same-site, as from another port', { 'sec-fetch-site': 'same-site' }],
] as ReadonlyArray<[string, Record<string, string>]>) {
  test(`A sign-in with ${what} is refused, and creates no session.`, async (t) => {
    const ada = new Member(app);
    const browser = app.browser();
    const { status } = await browser.post('/sign-in', { name: ada.name }, headers);
    t.is(status, 403);
    t.is(await browser.cookies(), '');
    t.deepEqual(await ada.rows(), []);
  });
}

test('Sec-Fetch-Site has priority over Origin.', async (t) => {
  const headers = { 'sec-fetch-site': 'cross-site', origin: app.url };
  const { status } = await app.browser().post('/sign-in', { name: 'Ada' }, headers);
  t.is(status, 403);
});

test("A user cannot end another user's session by its handle.", async (t) => {
  const { ada, own } = await twoDevices();
  const { device = '' } = hiddenFields(await own.visit('/account'), 'Sign out Firefox on Windows');
  const { own: mallory } = await twoDevices();
  const { token = '' } = hiddenFields(
    await mallory.visit('/account'),
    'Sign out Firefox on Windows',
  );
  const { body } = await mallory.post('/account/sign-out', { token, device });
  t.regex(body, /That device was signed out already\./);
  t.is((await ada.rows()).length, 2);
});

test('A session id does not end a session.', async (t) => {
  const { ada, own } = await twoDevices();
  const { token = '' } = hiddenFields(await own.visit('/account'), 'Sign out Firefox on Windows');
  const [row] = await ada.rows();
  await own.post('/account/sign-out', { token, device: String(row?.sid) });
  t.is((await ada.rows()).length, 2);
});

test('The handle of the own session ends no session.', async (t) => {
  const { own, other } = await twoDevices();
  const { device = '' } = hiddenFields(await other.visit('/account'), 'Sign out Chrome on Android');
  const { token = '' } = hiddenFields(await own.visit('/account'), 'Sign out Firefox on Windows');
  await own.post('/account/sign-out', { token, device });
  t.true(isSignedIn(await own.visit()));
});

test('A form without a handle ends no session.', async (t) => {
  const { ada, own } = await twoDevices();
  const { token = '' } = hiddenFields(await own.visit('/account'), 'Sign out Firefox on Windows');
  await own.post('/account/sign-out', { token });
  t.is((await ada.rows()).length, 2);
});

test('No page contains a session id.', async (t) => {
  const { ada, own } = await twoDevices();
  const pages = [await own.visit(), await own.visit('/account')].map(({ body }) => body).join();
  t.deepEqual(
    (await ada.rows()).filter(({ sid }) => pages.includes(String(sid))),
    [],
  );
});

test('No page contains the signature of a session cookie.', async (t) => {
  const { own, other } = await twoDevices();
  const { body } = await own.visit('/account');
  for (const browser of [own, other]) {
    const signature =
      decodeURIComponent(await browser.cookies())
        .split('.')
        .pop() ?? '';
    t.is(signature.length, 43);
    // Handles are in base64url.
    t.false(body.includes(Buffer.from(signature, 'base64').toString('base64url')));
  }
});

test('A device name with markup is shown as text.', async (t) => {
  const ada = new Member(app);
  await ada.signIn('<img src=x onerror="alert(1)">');
  const { body } = await (await ada.signIn(chromeOnAndroid)).visit('/account');
  t.false(body.includes('<img'));
  t.true(body.includes('<h2>&lt;img src=x onerror=&quot;alert(1)&quot;&gt;</h2>'));
});

test('The notice shows a device name with markup as text.', async (t) => {
  const ada = new Member(app);
  await ada.signIn('<img src=x>');
  const own = await ada.signIn(chromeOnAndroid);
  const page = await own.visit('/account');
  const { body } = await own.post(
    '/account/sign-out',
    hiddenFields(page, 'Sign out &lt;img src=x&gt;'),
  );
  t.true(body.includes('&lt;img src=x&gt; is signed out.'));
  t.false(body.includes('<img'));
});

test('The account page shows a user name with markup as text.', async (t) => {
  const browser = app.browser();
  await browser.submit('/sign-in', { name: '<script>alert(1)</script>' });
  const { body } = await browser.visit('/account');
  t.true(body.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
  t.false(body.includes('<script'));
});

interface TwoDevices {
  readonly ada: Member;
  /** On Android. */
  readonly own: Browser;
  /** On Windows. */
  readonly other: Browser;
}

async function twoDevices(): Promise<TwoDevices> {
  const ada = new Member(app);
  return { ada, other: await ada.signIn(firefoxOnWindows), own: await ada.signIn(chromeOnAndroid) };
}
