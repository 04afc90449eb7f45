import test, { type ExecutionContext } from 'ava';
import type { Browser, Page } from 'playwright-core';
import { fetchBrowser, launchBrowser } from '../support/browsers';
import { serve } from '../support/http';
import { SharedScope } from '../support/scope';
import { isSignedIn, startApp } from './helpers/app';
import type { Example } from './helpers/example';
import { Member } from './helpers/people';
import { Profile, statusOf } from './helpers/profile';

// One at a time: each page starts processes, and other test files run at the same time.
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

/** The sites of a hostile page, with their hosts. */
const places = {
  // Its requests have no cookie, because the cookie is SameSite=Lax.
  'another site': 'localhost',
  // Its requests have the cookie: only the token protects against them.
  'another port of the same site': '127.0.0.1',
};

for (const [place, host] of Object.entries(places)) {
  pageTest(`A page of ${place} cannot sign a user out.`, async (t) => {
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

  pageTest(`A page of ${place} cannot sign a user in.`, async (t) => {
    const profile = await openProfile(t);
    const page = await sendFrom(t, host, profile, {
      path: '/sign-in',
      fields: { name: 'Mallory' },
    });
    t.is(await page.getByRole('heading').innerText(), 'That was refused');
    t.is(await statusOf(await profile.tab('/')), 'You are not signed in.');
  });

  pageTest(`A page of ${place} cannot frame a page of the application.`, async (t) => {
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

/** Sends a form from a page of the host to the application. Returns the tab with the response. */
async function sendFrom(
  t: ExecutionContext,
  host: string,
  profile: Profile,
  { path, fields }: Submission,
): Promise<Page> {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input name="${name}" value="${value}">`,
  );
  const content = `${inputs.join('')}<button>Win</button>`;
  const form = `<form method="post" action="${app.url}${path}">${content}</form>`;
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
