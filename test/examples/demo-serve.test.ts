import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { Browser } from '../../examples/demo/browser';
import { installedTest } from '../support/servers/test-helpers';
import { waitUntil } from '../support/wait-until';
import { isSignedOut } from './helpers/app';
import { leftoversOf, start, startDemo } from './helpers/example';

test('demo --serve serves the application to browsers.', async (t) => {
  const { url } = await startDemo(t, '--serve');
  const page = await new Browser(url).submit('/sign-in', { name: 'Ada' });
  t.regex(page.body, /Signed in as <strong>Ada<\/strong>/);
});

test('demo --serve explains how to try the account page.', async (t) => {
  const demo = await startDemo(t, '--serve');
  await waitUntil(() => demo.output().includes('Ctrl-C'));
  t.regex(
    demo.output(),
    /sign in: a name is enough.*second browser.*private window.*Where you're signed in/s,
  );
});

test('demo --serve serves the account page.', async (t) => {
  const { url } = await startDemo(t, '--serve');
  const [one, other] = [new Browser(url), new Browser(url)];
  await one.submit('/sign-in', { name: 'Ada' });
  await other.submit('/sign-in', { name: 'Ada' });
  await one.visit('/account');
  await one.press('Sign out everywhere else');
  t.true(isSignedOut(await other.visit()));
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`demo --serve ends on ${signal} with exit code 0.`, async (t) => {
    const demo = await startDemo(t, '--serve');
    t.is(await demo.stop(signal), 0);
  });
}

test('demo --serve leaves no database, no account and no connection.', async (t) => {
  const demo = await startDemo(t, '--serve');
  await demo.stop();
  t.deepEqual(await leftoversOf(t, demo), []);
});

installedTest('The application and the server end when the demo is killed.', async (t) => {
  const demo = await start(t, 'examples/demo.ts', { MYSQL_URL: '' }, ['--serve']);
  const [, port] = /mysql:\/\/dba@127\.0\.0\.1:(\d+)/.exec(demo.output()) ?? [];
  await demo.stop('SIGKILL');
  t.true(await endsSoon(demo.url));
  t.true(await endsSoon(`http://127.0.0.1:${port}`));
});

/** Waits up to ten seconds until the port refuses connections. */
async function endsSoon(url: string): Promise<boolean> {
  for (const end = Date.now() + 10_000; Date.now() < end; await sleep(100)) {
    const code = await fetch(url).then(
      () => undefined,
      (error: Error) => Object(error.cause).code,
    );
    if (code === 'ECONNREFUSED') {
      return true;
    }
  }
  return false;
}
