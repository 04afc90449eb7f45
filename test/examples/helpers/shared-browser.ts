import test, { type ExecutionContext } from 'ava';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { fetchBrowser, launchBrowser } from '../../support/browsers';
import { SharedScope } from '../../support/scope';
import { Profile } from './profile';
import { app } from './shared-app';

const scope = new SharedScope();
let browser: Browser;

test.before(async (t) => {
  await fetchBrowser(t);
  browser = await launchBrowser(scope);
});
test.after.always(() => scope.end());

/** One at a time: each page starts processes, and other test files run at the same time. */
export const pageTest = test.serial;

/** Opens a profile of the browser that all tests of a file share. */
export function openProfile(
  t: ExecutionContext,
  options?: BrowserContextOptions,
): Promise<Profile> {
  return Profile.open(t, browser, app.url, options);
}
