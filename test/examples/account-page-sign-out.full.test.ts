import { pageTest } from '../support/shared-browser';
import { Member } from './helpers/people';
import { devicesOf, follow, openProfile, statusOf } from './helpers/profile';
import { app } from './helpers/shared-app';
import { userAgents } from './helpers/user-agents';

const signedOut = 'You are not signed in.';

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with scripts enabled' : 'with scripts disabled';

  pageTest(`A profile signs out another profile of the same user, ${how}.`, async (t) => {
    const { name } = new Member(app);
    const other = await (
      await openProfile(t, { userAgent: userAgents.firefoxOnWindows, javaScriptEnabled })
    ).signIn(name);
    const own = await (await openProfile(t, { javaScriptEnabled })).signInToAccountPage(name);
    t.deepEqual(await devicesOf(own), ['Chrome on Linux', 'Firefox on Windows']);

    await follow(own, 'button', 'Sign out Firefox on Windows');
    t.deepEqual(await devicesOf(own), ['Chrome on Linux']);
    t.is(await own.getByRole('status').innerText(), 'Firefox on Windows is signed out.');

    await follow(other, 'link', "Where you're signed in");
    t.is(await statusOf(other), signedOut);
    await own.reload();
    t.is(await statusOf(own), `Signed in as ${name}.`);
  });

  pageTest(`A profile signs itself out, ${how}.`, async (t) => {
    const { name } = new Member(app);
    const page = await (await openProfile(t, { javaScriptEnabled })).signIn(name);
    await follow(page, 'button', 'Sign out');
    t.is(await statusOf(page), signedOut);
  });
}

pageTest(
  'The console has no errors and no violations of the Content-Security-Policy.',
  async (t) => {
    const ada = new Member(app);
    await ada.signIn(userAgents.firefoxOnWindows);
    const own = await openProfile(t);
    const page = await own.signInToAccountPage(ada.name);
    await follow(page, 'button', 'Sign out Firefox on Windows');
    await follow(page, 'link', 'Back to the start');
    await follow(page, 'button', 'Sign out');
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
