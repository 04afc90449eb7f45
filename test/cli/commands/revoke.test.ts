import test from 'ava';
import { status } from '../../../src/install';
import { grantsOf } from '../../install/catalog';
import { createInstallation } from '../../install/installation';
import { runCli } from '../run-cli';

test.serial('revoke takes one role from an account.', async (t) => {
  const { url, account } = await createInstallation(t, ['application', 'operator']);
  const { code, stdout } = await runCli([
    ...['revoke', account.name, '--role', 'operator', '--url', url],
  ]);
  t.is(code, 0);
  t.is(stdout, `${account.name} has lost the role operator.\n`);
  const { grants } = await status({ connection: url });
  t.deepEqual(grants, [{ account: account.name, role: 'application' }]);
});

test.serial('revoke without a role takes everything, and can be repeated.', async (t) => {
  const installation = await createInstallation(t, ['application', 'operator']);
  const { url, account } = installation;
  const args = ['revoke', account.name, '--json', '--url', url];
  t.like(JSON.parse((await runCli(args)).stdout), { account: account.name, role: null });
  t.deepEqual((await grantsOf(installation))[account.name], []);
  const again = await runCli(args.filter((arg) => arg !== '--json'));
  t.like(again, { code: 0, stdout: `Nothing to revoke from ${account.name}.\n` });
});

test.serial('revoke of an unknown role is a usage error that lists the roles.', async (t) => {
  const args = ['revoke', 'app', '--role', 'owner', '--url', 'mysql://localhost/shop'];
  const { code, stderr } = await runCli(args);
  t.is(code, 2);
  t.regex(stderr, /application, cleaner, operator/);
});
