import test, { type ExecutionContext } from 'ava';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { serve } from '../concurrency/listen';
import { SharedScope } from '../scope';
import { fetchBrowser, launchBrowser } from '.';
import { widthOf } from './helpers/fonts';
import { coloursOf } from './helpers/pixels';

// One at a time: every page has processes of its own, and others run tests beside this file.
const pageTest = test.serial;

const scope = new SharedScope();
let browser: Browser;

test.before(async (t) => {
  await fetchBrowser(t);
  browser = await launchBrowser(scope);
});
test.after.always(() => scope.end());

async function openPage(t: ExecutionContext, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  t.teardown(() => context.close());
  return context.newPage();
}

pageTest('a page of a server is rendered', async (t) => {
  const origin = await serve(t, (_request, response) => {
    response.setHeader('content-type', 'text/html').end('<h1>Visits: <script>document.write(1 + 1)</script>');
  });
  const page = await openPage(t);
  await page.goto(origin);
  t.is(await page.innerText('h1'), 'Visits: 2');
});

pageTest('an HttpOnly cookie is hidden from the scripts of a page', async (t) => {
  const page = await openPage(t);
  await page.goto(await serveCookies(t));
  t.is(await page.evaluate('document.cookie'), 'open=1');
});

pageTest('an HttpOnly cookie is sent back', async (t) => {
  const page = await openPage(t);
  await page.goto(await serveCookies(t));
  await page.reload();
  t.deepEqual((await page.innerText('body')).split('; ').sort(), ['hidden=2', 'open=1']);
});

pageTest('a cookie is not sent from another context', async (t) => {
  const origin = await serveCookies(t);
  for (const page of [await openPage(t), await openPage(t)]) {
    await page.goto(origin);
    t.is(await page.innerText('body'), 'no cookies');
  }
});

pageTest('a screenshot is a PNG of the size that is asked for', async (t) => {
  const page = await openPage(t, { viewport: { width: 320, height: 240 } });
  const png = await page.screenshot();
  t.is(png.toString('latin1', 0, 8), '\x89PNG\r\n\x1a\n');
  t.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [320, 240]);
});

pageTest('text is drawn', async (t) => {
  const page = await openPage(t);
  t.is(await coloursOf(page, await page.screenshot()), 1);
  await page.setContent('<h1>Visits</h1>');
  t.true((await coloursOf(page, await page.screenshot())) > 1);
});

pageTest('letters are as wide as their font has them', async (t) => {
  const page = await openPage(t);
  const thin = await widthOf(page, 'sans-serif', 'iiii');
  t.true(thin > 0);
  t.true((await widthOf(page, 'sans-serif', 'WWWW')) > thin);
});

pageTest('Chromium leaves its sandbox for root alone', async (t) => {
  const page = await openPage(t);
  await page.goto('chrome://version');
  t.is((await page.innerText('#command_line')).includes('--no-sandbox'), process.getuid?.() === 0);
});

pageTest('a browser is closed when its test is over', async (t) => {
  const ended = new SharedScope();
  const another = await launchBrowser(ended);
  t.true(another.isConnected());
  await ended.end();
  t.false(another.isConnected());
});

/** A server that answers with the cookies it was sent, and sets one that scripts see and one that they don't. */
function serveCookies(t: ExecutionContext): Promise<string> {
  return serve(t, (request, response) => {
    response.setHeader('set-cookie', ['open=1', 'hidden=2; HttpOnly']);
    response.setHeader('content-type', 'text/html').end(request.headers.cookie ?? 'no cookies');
  });
}
