import test from 'ava';
import { addAttribute, status } from '../../../src/install';
import { createInstallation } from '../../install/installation';
import { openDatabase } from '../../support/database';
import { runCli } from '../run-cli';

test.serial('grant gives an account the role application.', async (t) => {
  const { url, account } = await createInstallation(t, []);
  const { code, stdout } = await runCli(['grant', account.name, '--url', url]);
  t.is(code, 0);
  t.is(stdout, `${account.name} has the role application.\n`);
  await t.notThrowsAsync(openDatabase(t, account.url).query("CALL sess_get('a')"));
});

test.serial('grant --role --json gives another role and prints it.', async (t) => {
  const { url, account } = await createInstallation(t, []);
  const args = ['grant', account.name, '--role', 'cleaner', '--json', '--url', url];
  const { stdout } = await runCli(args);
  t.deepEqual(JSON.parse(stdout), { account: account.name, role: 'cleaner' });
  t.deepEqual((await status({ connection: url })).grants, [
    { account: account.name, role: 'cleaner' },
  ]);
});

test.serial('grant gives the role of an attribute.', async (t) => {
  const { url, ask, account } = await createInstallation(t, []);
  const userId = { name: 'user_id', path: '$.user.id', type: 'VARCHAR(64)' };
  await addAttribute({ connection: url }, userId);
  const args = ['grant', account.name, '--role', 'find_user_id', '--url', url];
  const { code, stdout } = await runCli(args);
  t.is(code, 0);
  t.is(stdout, `${account.name} has the role find_user_id.\n`);
  await t.notThrowsAsync(ask("CALL sess_find_user_id('1', '', 1)"));
});

test.serial('grant to a missing account fails, and shows how to create it.', async (t) => {
  const { name, url } = await createInstallation(t, []);
  const { code, stdout, stderr } = await runCli(['grant', `${name}.ghost@localhost`, '--url', url]);
  t.is(code, 1);
  t.is(stdout, '');
  t.regex(stderr, new RegExp(`CREATE USER '${name}\\.ghost'@'localhost' IDENTIFIED BY`));
});

for (const command of ['grant', 'revoke']) {
  test.serial(`${command} --plan prints the SQL, and changes nothing.`, async (t) => {
    const roles = command === 'grant' ? [] : (['application'] as const);
    const { url, account } = await createInstallation(t, roles);
    const before = (await status({ connection: url })).grants;
    const { code, stdout } = await runCli([command, account.name, '--plan', '--url', url]);
    t.is(code, 0);
    t.regex(
      stdout,
      new RegExp(`^(?: {2}')?${command.toUpperCase()} .* ON PROCEDURE \`sess_get\` `, 'm'),
    );
    t.deepEqual((await status({ connection: url })).grants, before);
  });
}
