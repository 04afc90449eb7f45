import { isFullRun } from '../support/scale';
import { pageTest } from '../support/shared-browser';
import { Member } from './helpers/people';
import { contrastsOf, devicesOf, openProfile, statusOf } from './helpers/profile';
import { app } from './helpers/shared-app';
import { userAgents } from './helpers/user-agents';

const signedOut = 'You are not signed in.';

for (const javaScriptEnabled of isFullRun ? [true, false] : [true]) {
  const how = javaScriptEnabled ? 'with scripts enabled' : 'with scripts disabled';

  pageTest(`A profile signs out another profile of the same user, ${how}.`, async (t) => {
    const { name } = new Member(app);
    const other = await (
      await openProfile(t, { userAgent: userAgents.firefoxOnWindows, javaScriptEnabled })
    ).signIn(name);
    const own = await (await openProfile(t, { javaScriptEnabled })).signInToAccountPage(name);
    t.deepEqual(await devicesOf(own), ['Chrome on Linux', 'Firefox on Windows']);

    await own.getByRole('button', { name: 'Sign out Firefox on Windows' }).click();
    t.deepEqual(await devicesOf(own), ['Chrome on Linux']);
    t.is(await own.getByRole('status').innerText(), 'Firefox on Windows is signed out.');

    await other.getByRole('link', { name: "Where you're signed in" }).click();
    t.is(await statusOf(other), signedOut);
    await own.reload();
    t.is(await statusOf(own), `Signed in as ${name}.`);
  });

  pageTest(`A profile signs itself out, ${how}.`, async (t) => {
    const { name } = new Member(app);
    const page = await (await openProfile(t, { javaScriptEnabled })).signIn(name);
    await page.getByRole('button', { name: 'Sign out' }).click();
    t.is(await statusOf(page), signedOut);
  });
}

pageTest('After a sign-out, the back button shows no page of the session.', async (t) => {
  const page = await (await openProfile(t)).signInToAccountPage(new Member(app).name);
  await page.getByRole('link', { name: 'Back to the start' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
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

pageTest(
  'The console has no errors and no violations of the Content-Security-Policy.',
  async (t) => {
    const ada = new Member(app);
    await ada.signIn(userAgents.firefoxOnWindows);
    const own = await openProfile(t);
    const page = await own.signInToAccountPage(ada.name);
    await page.getByRole('button', { name: 'Sign out Firefox on Windows' }).click();
    await page.getByRole('link', { name: 'Back to the start' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    t.deepEqual(own.problems, []);
  },
);

pageTest('Markup in the name of a device or a user stays text.', async (t) => {
  const name = `<img src=x onerror=alert(1)> ${new Member(app).name}`.slice(0, 50);
  await (await openProfile(t, { userAgent: '<b>Phone</b><script>alert(2)</script>' })).signIn(name);
  const profile = await openProfile(t);
  const page = await profile.signInToAccountPage(name);
  t.is(await statusOf(page), `Signed in as ${name}.`);
  t.deepEqual(await devicesOf(page), ['Chrome on Linux', '<b>Phone</b><script>alert(2)</script>']);
  t.is(await page.locator('img, script, b').count(), 0);
  t.deepEqual(profile.problems, []);
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

for (const colorScheme of isFullRun ? (['light', 'dark'] as const) : (['light'] as const)) {
  pageTest(`Each text of the ${colorScheme} pages has enough contrast.`, async (t) => {
    const ada = new Member(app);
    const profile = await openProfile(t, { colorScheme });
    const contrasts = await contrastsOf(await profile.tab('/'));
    await ada.signIn(userAgents.firefoxOnWindows);
    await ada.signIn(userAgents.safariOnIphone);
    const account = await profile.signInToAccountPage(ada.name);
    await account.getByRole('button', { name: 'Sign out Firefox on Windows' }).click();
    contrasts.push(...(await contrastsOf(account)));
    t.true(contrasts.length > 15);
    t.deepEqual(
      contrasts.filter(({ ratio }) => !(ratio >= 4.5)),
      [],
    );
  });
}
