import type { ExecutionContext } from 'ava';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { serve } from '../http';
import { SharedScope } from '../scope';
import { cacheFolder } from '../servers/cache';
import { assertNoPackages, debianTest, librariesOutside } from '../servers/test-helpers';
import { browser, pageTest } from '../shared-browser';
import { type BrowserMachine, findChromium, launchBrowser, thisMachine } from '.';
import { type BrowserProgram, fontFamilies } from './debian';

async function openPage(t: ExecutionContext, options: BrowserContextOptions = {}): Promise<Page> {
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
  const session = await browser.newBrowserCDPSession();
  const { commandLine } = await session.send('SystemInfo.getInfo');
  t.is(commandLine.includes('--no-sandbox'), process.getuid?.() === 0);
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

const packages: BrowserMachine = { path: undefined, folders: [], aptGet: thisMachine().aptGet };

debianTest("A browser from Debian's packages runs on every machine.", async (t) => {
  if (!(await fetchFromPackages(t))) return;
  const browser = await launchBrowser(t, packages);
  t.true(browser.isConnected());
});

debianTest("A browser from Debian's packages uses no library of this machine.", async (t) => {
  if (!(await fetchFromPackages(t))) return;
  const browser = await launchBrowser(t, packages);
  // The first page starts the other processes.
  await (await browser.newPage()).setContent('Visits');
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  t.true(processInfo.length > 1);
  for (const { id } of processInfo) t.deepEqual(await librariesOutside(cacheFolder(), id), []);
});

debianTest("A browser from Debian's packages has its own fonts.", async (t) => {
  if (!(await fetchFromPackages(t))) return;
  const browser = await launchBrowser(t, packages);
  const page = await browser.newPage();
  const widths = new Set<number>();
  for (const [family, name] of Object.entries(fontFamilies)) {
    const width = await textWidth(page, family);
    t.is(width, await textWidth(page, `'${name}'`), family);
    widths.add(width);
  }
  t.is(widths.size, 3);
});

debianTest("A browser from Debian's packages is downloaded once.", async (t) => {
  const first = await fetchFromPackages(t);
  if (!first) return;
  t.deepEqual(await findChromium({ ...packages, aptGet: 'true' }), first);
});

/** Returns nothing on a machine that has no such packages, or reaches no mirror. */
async function fetchFromPackages(t: ExecutionContext): Promise<BrowserProgram | undefined> {
  t.timeout(600_000);
  try {
    return await findChromium(packages);
  } catch (error) {
    assertNoPackages(t, error);
    return undefined;
  }
}

/** Returns the width of a text on a page in pixels. */
async function textWidth(page: Page, family: string): Promise<number> {
  await page.setContent(`<span style="font: 40px ${family}">Visits</span>`);
  return (await page.locator('span').boundingBox())?.width ?? 0;
}
