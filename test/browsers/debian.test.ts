import type { ExecutionContext } from 'ava';
import { debianTest } from '../servers/helpers/local';
import { launchBrowser } from '.';
import { findChromium } from './chromium';
import { families } from './fonts';
import { bare } from './helpers/bare';
import { widthOf } from './helpers/fonts';
import { type Machine, thisMachine } from './machine';
import type { Program } from './program';

const packages: Machine = { ...bare, aptGet: thisMachine().aptGet };

debianTest("a browser is had from Debian's packages, whatever this machine has", async (t) => {
  if (!(await fromPackages(t))) return;
  const browser = await launchBrowser(t, packages);
  t.true(browser.isConnected());
});

debianTest("a browser from Debian's packages has fonts of its own", async (t) => {
  if (!(await fromPackages(t))) return;
  const browser = await launchBrowser(t, packages);
  const page = await browser.newPage();
  const widths = new Set<number>();
  for (const [family, name] of Object.entries(families)) {
    const width = await widthOf(page, family, 'Visits');
    t.is(width, await widthOf(page, `'${name}'`, 'Visits'), family);
    widths.add(width);
  }
  t.is(widths.size, 3);
});

debianTest("a browser from Debian's packages is not fetched again", async (t) => {
  const first = await fromPackages(t);
  if (!first) return;
  const doingNothing = 'true';
  t.deepEqual(await findChromium({ ...packages, aptGet: doingNothing }), first);
});

/** Nothing on a machine that has no such packages, or reaches no mirror, which is no fault of the code. */
async function fromPackages(t: ExecutionContext): Promise<Program | undefined> {
  t.timeout(600_000);
  try {
    return await findChromium(packages);
  } catch (error) {
    t.log(String(error));
    t.regex(
      String(error),
      /Unable to locate package|no installation candidate|Failed to fetch|Could not resolve|Could not connect|Temporary failure/,
    );
    return undefined;
  }
}
