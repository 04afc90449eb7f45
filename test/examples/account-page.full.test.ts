import { pageTest } from '../support/shared-browser';
import { Member, queueForRow } from './helpers/people';
import { contrastsOf, devicesOf, follow, openProfile, statusOf } from './helpers/profile';
import { app } from './helpers/shared-app';
import { userAgents } from './helpers/user-agents';

const windows = { userAgent: userAgents.firefoxOnWindows };
const iphone = { userAgent: userAgents.safariOnIphone };
const signedOut = 'You are not signed in.';

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with scripts enabled' : 'with scripts disabled';

  pageTest(`A profile signs out everywhere else, ${how}.`, async (t) => {
    const { name } = new Member(app);
    const own = await (await openProfile(t, { javaScriptEnabled })).signIn(name);
    const others = [
      await (await openProfile(t, { ...windows, javaScriptEnabled })).signInToAccountPage(name),
      await (await openProfile(t, { ...iphone, javaScriptEnabled })).signInToAccountPage(name),
    ];
    await follow(own, 'link', "Where you're signed in");
    await follow(own, 'button', 'Sign out everywhere else');
    t.deepEqual(await devicesOf(own), ['Chrome on Linux']);
    for (const other of others) {
      // The session of this form has ended.
      await follow(other, 'button', 'Sign out everywhere else');
      t.is(await statusOf(other), signedOut);
    }
    await own.reload();
    t.deepEqual(await devicesOf(own), ['Chrome on Linux']);
  });
}

pageTest('After a sign-out from elsewhere, the user can sign in again.', async (t) => {
  const { name } = new Member(app);
  const profile = await openProfile(t, windows);
  await profile.signIn(name);
  const own = await (await openProfile(t)).signInToAccountPage(name);
  await follow(own, 'button', 'Sign out everywhere else');
  t.is(await statusOf(await profile.signIn(name)), `Signed in as ${name}. Visits: 1.`);
});

pageTest('Two tabs can sign out different devices at once, and stay signed in.', async (t) => {
  const { name } = new Member(app);
  const others = [
    await (await openProfile(t, windows)).signIn(name),
    await (await openProfile(t, iphone)).signIn(name),
  ];
  const profile = await openProfile(t);
  const first = await profile.signInToAccountPage(name);
  const second = await profile.tab('/account');
  await Promise.all([
    follow(first, 'button', 'Sign out Firefox on Windows'),
    follow(second, 'button', 'Sign out Safari on iPhone'),
  ]);
  for (const other of others) {
    await other.reload();
    t.is(await statusOf(other), signedOut);
  }
  await first.reload();
  t.deepEqual(await devicesOf(first), ['Chrome on Linux']);
});

pageTest('Two tabs can change different keys of their session at once.', async (t) => {
  const ada = new Member(app);
  const profile = await openProfile(t);
  const home = await profile.signIn(ada.name);
  await (await openProfile(t, windows)).signIn(ada.name);
  const account = await profile.tab('/account');
  const own = (await ada.rows()).find(({ device }) => device === 'Chrome on Linux');
  // Both requests load the session before either saves it.
  await queueForRow(t, app.database, `sid = '${own?.sid}'`, [
    () => follow(account, 'button', 'Sign out Firefox on Windows'),
    () => home.reload(),
  ]);
  t.is(await account.getByRole('status').innerText(), 'Firefox on Windows is signed out.');
  t.is(await statusOf(home), `Signed in as ${ada.name}. Visits: 2.`);
  const [row] = await ada.rows();
  t.is(row?.visits, 2);
});

pageTest('If two profiles sign out each other at once, at most one stays signed in.', async (t) => {
  const { name } = new Member(app);
  const one = await (await openProfile(t)).signIn(name);
  const other = await (await openProfile(t, windows)).signInToAccountPage(name);
  await follow(one, 'link', "Where you're signed in");
  await Promise.all([one, other].map((page) => follow(page, 'button', 'Sign out everywhere else')));
  await Promise.all([one.reload(), other.reload()]);
  const statuses = [await statusOf(one), await statusOf(other)];
  t.true(statuses.includes(signedOut), statuses.join(' '));
});

pageTest(
  'The page fits 320 pixels, with buttons that are large enough for a finger.',
  async (t) => {
    const { name } = new Member(app);
    await (await openProfile(t, { userAgent: 'x'.repeat(300) })).signIn(name);
    const profile = await openProfile(t, { viewport: { width: 320, height: 640 } });
    const page = await profile.signInToAccountPage(name);
    t.is(await page.evaluate('document.documentElement.scrollWidth'), 320);
    for (const button of await page.getByRole('button').all()) {
      const { width = 0, height = 0 } = (await button.boundingBox()) ?? {};
      t.true(width >= 44 && height >= 36, `${width} x ${height}`);
    }
  },
);

pageTest('After a sign-out, the back button shows no page of the session.', async (t) => {
  const page = await (await openProfile(t)).signInToAccountPage(new Member(app).name);
  await follow(page, 'link', 'Back to the start');
  await follow(page, 'button', 'Sign out');
  // Going back while the page loads would stop it.
  const signIn = page.getByRole('button', { name: 'Sign in' });
  await signIn.waitFor();
  await page.goBack();
  await signIn.waitFor();
  await page.goBack();
  t.is(await statusOf(page), signedOut);
});

pageTest('The cookie is hidden from scripts and from posts of other sites.', async (t) => {
  const profile = await openProfile(t);
  const page = await profile.signIn(new Member(app).name);
  const cookies = await profile.context.cookies();
  t.deepEqual(
    cookies.map(({ name, httpOnly, sameSite, path }) => ({ name, httpOnly, sameSite, path })),
    [{ name: 'connect.sid', httpOnly: true, sameSite: 'Lax', path: '/' }],
  );
  t.is(await page.evaluate('document.cookie'), '');
});

pageTest('A screen reader reads the page and the purpose of each button.', async (t) => {
  const ada = new Member(app);
  await ada.signIn(userAgents.firefoxOnWindows);
  const page = await (await openProfile(t)).signInToAccountPage(ada.name);
  const spoken = (await page.locator('body').ariaSnapshot())
    .replace(ada.name, 'Ada')
    .replaceAll(/\d+ \w+ \d{4} at \d\d:\d\d UTC/g, 'THEN');
  t.is(
    spoken,
    [
      '- main:',
      '  - heading "Where you\'re signed in" [level=1]',
      '  - paragraph:',
      '    - text: Signed in as',
      '    - strong: Ada',
      '    - text: .',
      '  - list:',
      '    - listitem:',
      '      - heading "Chrome on Linux" [level=2]',
      '      - paragraph:',
      '        - text: Last seen',
      '        - time: just now',
      '      - paragraph:',
      '        - text: Signed in since',
      '        - time: THEN',
      '      - text: This device',
      '    - listitem:',
      '      - heading "Firefox on Windows" [level=2]',
      '      - paragraph:',
      '        - text: Last seen',
      '        - time: just now',
      '      - paragraph:',
      '        - text: Signed in since',
      '        - time: THEN',
      '      - button "Sign out Firefox on Windows"',
      '  - button "Sign out everywhere else"',
      '  - link "Back to the start":',
      '    - /url: /',
    ].join('\n'),
  );
});

pageTest('The keyboard is enough to sign out a device.', async (t) => {
  const ada = new Member(app);
  await ada.signIn(userAgents.firefoxOnWindows);
  const page = await (await openProfile(t)).signInToAccountPage(ada.name);
  await page.keyboard.press('Tab');
  t.is(await page.evaluate('document.activeElement.textContent'), 'Sign out Firefox on Windows');
  t.is(await page.evaluate('getComputedStyle(document.activeElement).outlineWidth'), '3px');
  await page.keyboard.press('Enter');
  await page.getByRole('status').waitFor();
  t.deepEqual(await devicesOf(page), ['Chrome on Linux']);
});

for (const colorScheme of ['light', 'dark'] as const) {
  pageTest(`Each text of the ${colorScheme} pages has enough contrast.`, async (t) => {
    const ada = new Member(app);
    const profile = await openProfile(t, { colorScheme });
    const contrasts = await contrastsOf(await profile.tab('/'));
    await ada.signIn(userAgents.firefoxOnWindows);
    await ada.signIn(userAgents.safariOnIphone);
    const account = await profile.signInToAccountPage(ada.name);
    await follow(account, 'button', 'Sign out Firefox on Windows');
    contrasts.push(...(await contrastsOf(account)));
    t.true(contrasts.length > 15);
    t.deepEqual(
      contrasts.filter(({ ratio }) => !(ratio >= 4.5)),
      [],
    );
  });
}
