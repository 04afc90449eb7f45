import test, { type ExecutionContext } from 'ava';
import type { Browser, Page } from 'playwright-core';
import { fetchBrowser, launchBrowser } from '../browsers';
import { serve } from '../concurrency/listen';
import { SharedScope } from '../scope';
import { startApp } from './helpers/app';
import type { Example } from './helpers/example';
import { isSignedIn, Member } from './helpers/member';
import { Profile, statusOf } from './helpers/profile';

// One at a time: every page has processes of its own, and others run tests beside this file.
const pageTest = test.serial;

const scope = new SharedScope();
let browser: Browser;
let app: Example;

test.before(async (t) => {
  await fetchBrowser(t);
  browser = await launchBrowser(scope);
  app = await startApp(scope);
});
test.after.always(() => scope.end());

/** Where a page may be that means ill, with the host by which it is reached. */
const places = {
  // Its requests carry no cookie, for that is Lax.
  'another site': 'localhost',
  // Its requests carry the cookie: only the token keeps them out.
  'another port of the same site': '127.0.0.1',
};

for (const [place, host] of Object.entries(places)) {
  pageTest(`a page of ${place} signs nobody out`, async (t) => {
    const ada = new Member(app);
    const other = await ada.signIn();
    const profile = await openProfile(t);
    await profile.signIn(ada.name);
    for (const path of ['/sign-out', '/account/sign-out-others']) {
      await sendFrom(t, host, profile, { path, fields: { token: 'a guess' } });
    }
    t.true((await statusOf(await profile.tab('/'))).startsWith(`Signed in as ${ada.name}.`));
    t.true(isSignedIn(await other.visit()));
  });

  pageTest(`a page of ${place} signs nobody in`, async (t) => {
    const profile = await openProfile(t);
    const page = await sendFrom(t, host, profile, { path: '/sign-in', fields: { name: 'Mallory' } });
    t.is(await page.getByRole('heading').innerText(), 'That was refused');
    t.is(await statusOf(await profile.tab('/')), 'Nobody is signed in.');
  });

  pageTest(`a page of ${place} frames no page of the application`, async (t) => {
    const profile = await openProfile(t);
    const page = await profile.signIn(new Member(app).name);
    await page.goto(await servePage(t, host, `<iframe src="${app.url}/account"></iframe>`));
    const framed = page.frames().find((frame) => frame !== page.mainFrame());
    await framed?.waitForLoadState();
    t.is(await framed?.locator('form').count(), 0);
    t.regex(profile.problems.join(), /frame-ancestors/);
  });
}

function openProfile(t: ExecutionContext): Promise<Profile> {
  return Profile.open(t, browser, app.url);
}

interface Submission {
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Lets a page of that host send a form to the application, and gives the tab with the answer. */
async function sendFrom(
  t: ExecutionContext,
  host: string,
  profile: Profile,
  { path, fields }: Submission,
): Promise<Page> {
  const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`);
  const form = `<form method="post" action="${app.url}${path}">${inputs.join('')}<button>Win</button></form>`;
  const page = await profile.context.newPage();
  await page.goto(await servePage(t, host, form));
  await page.getByRole('button', { name: 'Win' }).click();
  t.true(page.url().startsWith(app.url));
  return page;
}

async function servePage(t: ExecutionContext, host: string, body: string): Promise<string> {
  const origin = await serve(t, (_request, response) => {
    response.setHeader('content-type', 'text/html').end(body);
  });
  return Object.assign(new URL(origin), { hostname: host }).href;
}
