import { dirname } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { serve } from '../http';
import { SharedScope } from '../scope';
import { programThatPrints } from '../servers/test-helpers';
import { type BrowserMachine, fetchBrowser, findChromium, launchBrowser, thisMachine } from '.';

/** A machine that has no browser in any way. */
const emptyMachine: BrowserMachine = { path: undefined, folders: [], aptGet: 'no-apt-get-here' };

test('An empty CHROMIUM_PATH means that it is not set.', (t) => {
  t.is(thisMachine({ CHROMIUM_PATH: '' }).path, undefined);
});

test('CHROMIUM_PATH comes before all other sources.', async (t) => {
  const given = await programThatPrints(t, 'given', 'Chromium 156.0');
  const installed = await programThatPrints(t, 'chromium', 'Chromium 156.0');
  const machine = { ...emptyMachine, path: given, folders: [dirname(installed)] };
  t.is((await findChromium(machine)).path, given);
});

test('A CHROMIUM_PATH without a program is an error, and the search ends.', async (t) => {
  const installed = await programThatPrints(t, 'chromium', 'Chromium 156.0');
  const machine = { ...emptyMachine, path: '/nowhere', folders: [dirname(installed)] };
  await t.throwsAsync(findChromium(machine), {
    message: /^CHROMIUM_PATH is set, .*\/nowhere: not found$/,
  });
});

for (const [name, version] of [
  ['chromium', 'Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)'],
  ['chromium-browser', 'Chromium 156.0.8078.79'],
  ['google-chrome', 'Google Chrome 156.0.8078.79'],
] as const) {
  test(`An installed ${name} is found.`, async (t) => {
    const program = await programThatPrints(t, name, version);
    const machine = { ...emptyMachine, folders: [dirname(program)] };
    t.is((await findChromium(machine)).path, program);
  });
}

test('A program with the name of a browser is not used if it is not one.', async (t) => {
  const stub = await programThatPrints(t, 'chromium', 'Please install the snap');
  const program = await programThatPrints(t, 'google-chrome', 'Google Chrome 156.0');
  const machine = { ...emptyMachine, folders: [dirname(stub), dirname(program)] };
  t.is((await findChromium(machine)).path, program);
});

test('Without a browser, the error lists every source and why it has none.', async (t) => {
  const { message } = await t.throwsAsync(findChromium(emptyMachine));
  for (const line of [
    /set CHROMIUM_PATH .*: it is not set/,
    /install chromium: no chromium, chromium-browser or google-chrome/,
    /let apt-get reach its mirrors: no-apt-get-here: /,
  ]) {
    t.regex(message, line);
  }
});

// One page at a time: each page starts several processes.
const pageTest = test.serial;

const scope = new SharedScope();
let browser: Browser | undefined;

test.after.always(() => scope.end());

async function openPage(t: ExecutionContext, options: BrowserContextOptions = {}): Promise<Page> {
  // Not in `test.before`: the tests of the choice need no browser.
  if (!browser) {
    await fetchBrowser(t);
    browser = await launchBrowser(scope);
  }
  const context = await browser.newContext(options);
  t.teardown(() => context.close());
  return context.newPage();
}

pageTest('A page of a server is rendered, and its scripts run.', async (t) => {
  const origin = await serve(t, (_request, response) => {
    response
      .setHeader('content-type', 'text/html')
      .end('<h1>Visits: <script>document.write(1 + 1)</script>');
  });
  const page = await openPage(t);
  await page.goto(origin);
  t.is(await page.innerText('h1'), 'Visits: 2');
});

pageTest('An HttpOnly cookie is sent back, but scripts do not see it.', async (t) => {
  const page = await openPage(t);
  await page.goto(await serveCookies(t));
  t.is(await page.evaluate('document.cookie'), 'open=1');
  await page.reload();
  t.deepEqual((await page.innerText('body')).split('; ').sort(), ['hidden=2', 'open=1']);
});

pageTest('Two contexts share no cookie.', async (t) => {
  const origin = await serveCookies(t);
  for (const page of [await openPage(t), await openPage(t)]) {
    await page.goto(origin);
    t.is(await page.innerText('body'), 'no cookies');
  }
});

pageTest('A screenshot is a PNG with the size of the page.', async (t) => {
  const page = await openPage(t, { viewport: { width: 320, height: 240 } });
  const png = await page.screenshot();
  t.is(png.toString('latin1', 0, 8), '\x89PNG\r\n\x1a\n');
  t.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [320, 240]);
});

pageTest('The browser has a font: letters are drawn, and have different widths.', async (t) => {
  const page = await openPage(t);
  const empty = await page.screenshot();
  await page.setContent('<span>iiii</span> <span>WWWW</span>');
  t.false((await page.screenshot()).equals(empty));
  const boxes = await Promise.all(
    [0, 1].map((index) => page.locator('span').nth(index).boundingBox()),
  );
  const [thin = 0, wide = 0] = boxes.map((box) => box?.width);
  t.true(thin > 0);
  t.true(wide > thin);
});

pageTest('Chromium runs without its sandbox only as root.', async (t) => {
  const page = await openPage(t);
  await page.goto('chrome://version');
  t.is((await page.innerText('#command_line')).includes('--no-sandbox'), process.getuid?.() === 0);
});

pageTest('A browser is closed at the end of its scope.', async (t) => {
  const other = new SharedScope();
  const another = await launchBrowser(other);
  t.true(another.isConnected());
  await other.end();
  t.false(another.isConnected());
});

/** Serves a page with the cookies of its request. It sets one cookie that scripts do not see. */
function serveCookies(t: ExecutionContext): Promise<string> {
  return serve(t, (request, response) => {
    response.setHeader('set-cookie', ['open=1', 'hidden=2; HttpOnly']);
    response.setHeader('content-type', 'text/html').end(request.headers.cookie ?? 'no cookies');
  });
}
