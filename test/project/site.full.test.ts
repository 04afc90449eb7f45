import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { freePort } from '../support/servers/system';
import { browser, pageTest } from '../support/shared-browser';
import { waitUntil } from '../support/wait-until';

const run = promisify(execFile);
const root = join(__dirname, '../..');
const vitepress = join(root, 'docs/.vitepress/node_modules/.bin/vitepress');

/** How long a page may take on a busy machine, in milliseconds. */
const patience = 120_000;

let origin: string;
/** The paths of all pages. */
let paths: string[];
let end = async (): Promise<void> => {};

test.before(async (t) => {
  t.timeout(600_000);
  await run('npm', ['run', 'docs'], { cwd: root });
  const port = await freePort();
  const server = spawn(vitepress, ['preview', 'docs', '--port', String(port)], { cwd: root });
  const ended = once(server, 'exit');
  end = async () => {
    server.kill();
    await ended;
  };
  origin = `http://localhost:${port}`;
  await waitUntil(() =>
    fetch(origin).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  const { stdout } = await run('git', ['ls-files', 'docs/*.md'], { cwd: root });
  paths = stdout
    .trim()
    .split('\n')
    .map((file) => file.replace(/^docs/, '').replace(/(?:README)?\.md$/, ''));
});
test.after.always(() => end());

for (const [device, viewport] of [
  ['a desktop', { width: 1280, height: 800 }],
  ['a phone', { width: 390, height: 844 }],
] as const) {
  pageTest(`On ${device}, no page of the site overflows or logs an error.`, async (t) => {
    t.timeout(600_000);
    const context = await browser.newContext({ viewport });
    context.setDefaultTimeout(patience);
    t.teardown(() => context.close());
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => problems.push(`${page.url()}: ${error}`));
    for (const path of paths) {
      const response = await page.goto(origin + path, { waitUntil: 'networkidle' });
      if (response?.status() !== 200) problems.push(`${path}: ${response?.status()}`);
      const wide = await page.evaluate<number>(
        'document.documentElement.scrollWidth - window.innerWidth',
      );
      if (wide > 0) problems.push(`${path}: ${wide} pixels too wide`);
    }
    t.true(paths.length > 40);
    t.deepEqual(problems, []);
  });
}

pageTest('The site finds a page by its words.', async (t) => {
  const page = await browser.newPage();
  page.setDefaultTimeout(patience);
  t.teardown(() => page.close());
  await page.goto(origin);
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('searchbox').fill('kubernetes probes');
  await page.getByRole('option').first().click();
  // The address changes before the page is loaded.
  const heading = page.locator('main h1').filter({ hasNotText: 'Documentation' });
  await heading.waitFor();
  t.not(new URL(page.url()).pathname, '/');
  t.regex(await page.locator('main').innerText(), /Kubernetes/);
});

pageTest('The site follows the dark mode of the browser.', async (t) => {
  const grounds = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({ colorScheme });
    page.setDefaultTimeout(patience);
    t.teardown(() => page.close());
    await page.goto(origin);
    grounds.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
  }
  t.not(grounds[0], grounds[1]);
});
