import test from 'ava';
import { InstallationError, MySQLSessionStore } from '../../src';
import { status } from '../../src/install';
import { runCli } from '../cli/cli';
import { session } from '../store';
import { createInstallation, wayNames } from './installation';
import { bootForFile } from './private-server';

bootForFile(async () => ['--autocommit=0']);

for (const way of wayNames) {
  test(`On a server without autocommit, all that ${way} installs is recorded.`, async (t) => {
    const { url, naming } = await createInstallation(t, way);
    t.true((await status({ connection: url, ...naming })).upToDate);
  });
}

test('On a server without autocommit, the store refuses to work, with the remedy.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  const store = new MySQLSessionStore({ connection: accountUrl, disableDbCleanup: true });
  t.teardown(() => store.close());
  await t.throwsAsync(store.set('a', session()), {
    instanceOf: InstallationError,
    message: /autocommit off.*set autocommit=1 on the server/,
  });
});

test('On a server without autocommit, the command gc refuses to work, with the remedy.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  const { code, stderr } = await runCli(['gc', '--url', accountUrl]);
  t.is(code, 1);
  t.regex(stderr, /^error: .*autocommit off.*set autocommit=1 on the server\n$/);
});
