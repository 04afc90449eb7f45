import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { nestedLibraryFolders } from '../servers/package-tree';
import { assertNoPackages, debianTest, testFolder } from '../servers/test-helpers';
import { type BrowserMachine, findChromium, launchBrowser, thisMachine } from '.';
import { type BrowserProgram, fontFamilies } from './debian';

const packages: BrowserMachine = { path: undefined, folders: [], aptGet: thisMachine().aptGet };

debianTest("A browser from Debian's packages runs on every machine.", async (t) => {
  if (!(await fetchFromPackages(t))) return;
  const browser = await launchBrowser(t, packages);
  t.true(browser.isConnected());
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

test('Libraries are loaded from subfolders, but only from ones that have libraries.', async (t) => {
  const tree = await testFolder(t);
  const libraries = 'usr/lib/x86_64-linux-gnu';
  for (const name of [
    'libpulse.so.0',
    'pulseaudio/libpulsecommon-16.1.so',
    'gtk-3.0/gtk.immodules',
  ]) {
    const file = join(tree, libraries, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '');
  }
  t.deepEqual(await nestedLibraryFolders(tree), [libraries, `${libraries}/pulseaudio`]);
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
