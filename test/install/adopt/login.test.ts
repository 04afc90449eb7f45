import test, { type ExecutionContext } from 'ava';
import { type Browser, openBrowser, startApplication } from './application';
import { createMove, type Move, type OldStoreOpener, testedStores } from './old-stores';

/** A move, with one application on the old store, one on the new store, and a browser. */
interface ApplicationMove extends Move {
  readonly before: string;
  readonly after: string;
  readonly browser: Browser;
}

async function createApplicationMove(
  t: ExecutionContext,
  open: OldStoreOpener,
): Promise<ApplicationMove> {
  const move = await createMove(t, open);
  return {
    ...move,
    before: await startApplication(t, move.old.store),
    after: await startApplication(t, move.store),
    browser: openBrowser(),
  };
}

for (const [kind, open] of testedStores) {
  test.serial(`${kind}: users stay logged in, with the same cookie.`, async (t) => {
    const { before, after, browser, run } = await createApplicationMove(t, open);
    await browser(before, '/login/zoe');
    t.is(await browser(after, '/whoami'), 'nobody');
    await run();
    t.is(await browser(after, '/whoami'), 'zoe');
  });

  test.serial(`${kind}: users who logged out before stay logged out.`, async (t) => {
    const { before, after, browser, run } = await createApplicationMove(t, open);
    await browser(before, '/login/zoe');
    await browser(before, '/logout');
    await run();
    t.is(await browser(after, '/whoami'), 'nobody');
  });

  test.serial(`${kind}: users with an adopted session can log out.`, async (t) => {
    const { before, after, browser, run, query } = await createApplicationMove(t, open);
    await browser(before, '/login/zoe');
    await run();
    await browser(after, '/logout');
    t.deepEqual(await query('SELECT sid FROM sessions'), []);
  });
}
