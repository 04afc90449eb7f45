import test from 'ava';
import type { Browser } from 'playwright-core';
import { fetchBrowser, launchBrowser } from './browsers';
import { SharedScope } from './scope';

/** The browser that all tests of a file share. */
export let browser: Browser;

/** One page at a time: each page starts several processes. */
export const pageTest = test.serial;

const scope = new SharedScope();

test.before(async (t) => {
  await fetchBrowser(t);
  browser = await launchBrowser(scope);
});
test.after.always(() => scope.end());
