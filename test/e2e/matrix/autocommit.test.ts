import test from 'ava';
import { InstallationError, MySQLSessionStore } from '../../../src';
import { status } from '../../../src/install';
import { runCli } from '../../cli/run-cli';
import { bootForFile } from '../../support/boot';
import { session } from '../../support/store';
import { createInstallation, installMethods } from './installation';

bootForFile(async () => ['--autocommit=0']);

for (const method of installMethods) {
  test(`On a server without autocommit, an installation by ${method} is complete.`, async (t) => {
    const { url, naming } = await createInstallation(t, method);
    t.true((await status({ connection: url, ...naming })).upToDate);
  });
}

test('On a server without autocommit, the store throws an error with the remedy.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  const store = new MySQLSessionStore({ connection: accountUrl, disableDbCleanup: true });
  t.teardown(() => store.close());
  await t.throwsAsync(store.set('a', session()), {
    instanceOf: InstallationError,
    message: /autocommit off.*Set autocommit=1 on the server/,
  });
});

test('On a server without autocommit, the command gc fails with the remedy.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  const { code, stderr } = await runCli(['gc'], { MYSQL_URL: accountUrl });
  t.is(code, 1);
  t.regex(stderr, /^error: .*autocommit off.*Set autocommit=1 on the server\n$/);
});
