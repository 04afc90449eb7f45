import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { Browser } from '../../examples/demo/browser';
import { localTest } from '../servers/helpers/local';
import { until } from '../until';
import { leftOf, startDemo } from './helpers/demo';
import { start } from './helpers/example';

test('demo --serve stays up for a browser', async (t) => {
  const { url } = await startDemo(t, '--serve');
  const page = await new Browser(url).submit('/sign-in', { name: 'Ada' });
  t.regex(page.body, /Signed in as <strong>Ada<\/strong>/);
});

test('demo --serve tells how to see the account page at work', async (t) => {
  const demo = await startDemo(t, '--serve');
  await until(() => demo.output().includes('Ctrl-C'));
  t.regex(
    demo.output(),
    /sign in: a name is enough.*second browser.*private window.*Where you're signed in/s,
  );
});

test('demo --serve has an account page', async (t) => {
  const { url } = await startDemo(t, '--serve');
  const [one, other] = [new Browser(url), new Browser(url)];
  await one.submit('/sign-in', { name: 'Ada' });
  await other.submit('/sign-in', { name: 'Ada' });
  await one.visit('/account');
  await one.press('Sign out everywhere else');
  t.regex((await other.visit()).body, /Nobody is signed in/);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`demo --serve ends on ${signal} with exit code 0`, async (t) => {
    const demo = await startDemo(t, '--serve');
    t.is(await demo.stop(signal), 0);
  });
}

test('demo --serve leaves no database, no account and no connection', async (t) => {
  const demo = await startDemo(t, '--serve');
  await demo.stop();
  t.deepEqual(await leftOf(t, demo), []);
});

localTest('the application ends when the demo is killed', async (t) => {
  const demo = await start(t, 'examples/demo.ts', { MYSQL_URL: '' }, ['--serve']);
  await demo.stop('SIGKILL');
  t.true(await fallsSilent(demo.url));
});

async function fallsSilent(url: string): Promise<boolean> {
  for (let patience = 100; patience > 0; patience--) {
    const answers = await fetch(url).then(
      () => true,
      () => false,
    );
    if (!answers) {
      return true;
    }
    await sleep(100);
  }
  return false;
}
