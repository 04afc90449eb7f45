import test from 'ava';
import { addAttribute, status } from '../../src/install';
import { hasClient, runInClient } from '../install/client';
import { createInstallation } from '../install/installation';
import { runCli } from './cli';

const userId = { name: 'user_id', path: '$.user.id', type: 'VARCHAR(64)' };
const add = ['attribute', 'add', 'user_id', '--path', '$.user.id', '--type', 'VARCHAR(64)'];

test.serial('attribute add makes an attribute, and says its steps.', async (t) => {
  const { url } = await createInstallation(t, []);
  const { code, stdout, stderr } = await runCli([...add, '--url', url]);
  t.is(code, 0);
  t.is(stdout, 'The attribute user_id is there: 3 steps done.\n');
  t.is(
    stderr,
    '✔ attributes/user_id/VARCHAR(64)/$.user.id\n✔ routines/sess_find_user_id\n✔ routines/sess_destroy_user_id\n',
  );
  t.is((await runCli([...add, '--url', url])).stdout, 'Nothing to do: the attribute user_id is there.\n');
});

test.serial('attribute add --plan prints the SQL, and changes nothing.', async (t) => {
  const { url } = await createInstallation(t, []);
  const { code, stdout } = await runCli([...add, '--plan', '--url', url]);
  t.is(code, 0);
  t.regex(stdout, /^ALTER TABLE `sessions` ADD INDEX `user_id_idx`/m);
  t.deepEqual((await status({ connection: url })).attributes, []);
});

const inClient = hasClient ? test.serial : test.serial.skip;

inClient(
  'The plan of an attribute, piped into the client, makes it, and that of its end takes it away.',
  async (t) => {
    const { url } = await createInstallation(t, []);
    await runInClient(url, (await runCli([...add, '--plan', '--url', url])).stdout);
    const made = await status({ connection: url });
    t.deepEqual([made.attributes, made.upToDate], [[userId], true]);
    await runInClient(url, (await runCli(['attribute', 'drop', 'user_id', '--plan', '--url', url])).stdout);
    const gone = await status({ connection: url });
    t.deepEqual([gone.attributes, gone.upToDate], [[], true]);
  },
);

test.serial('attribute list shows the attributes, and so does status.', async (t) => {
  const { url } = await createInstallation(t, []);
  t.is(
    (await runCli(['attribute', 'list', '--url', url])).stdout,
    'No attributes yet: knex-mysql-session attribute add NAME makes one.\n',
  );
  await addAttribute({ connection: url }, userId);
  const shown = 'Attribute  Path       Type\nuser_id    $.user.id  VARCHAR(64)\n';
  t.is((await runCli(['attribute', 'list', '--url', url])).stdout, shown);
  t.true((await runCli(['status', '--url', url])).stdout.includes(shown));
  const { stdout } = await runCli(['attribute', 'list', '--json', '--url', url]);
  t.deepEqual(JSON.parse(stdout), [userId]);
});

test.serial('attribute drop takes an attribute away.', async (t) => {
  const { url } = await createInstallation(t, []);
  await addAttribute({ connection: url }, userId);
  const { code, stdout } = await runCli(['attribute', 'drop', 'user_id', '--json', '--url', url]);
  t.is(code, 0);
  t.deepEqual(JSON.parse(stdout), { attribute: 'user_id', steps: ['attributes/user_id/removed'] });
  t.like(await runCli(['attribute', 'drop', 'user_id', '--url', url]), { code: 1, stdout: '' });
});

test.serial('grant gives the role of an attribute.', async (t) => {
  const { url, ask, account } = await createInstallation(t, []);
  await addAttribute({ connection: url }, userId);
  const { code, stdout } = await runCli(['grant', account.name, '--role', 'find_user_id', '--url', url]);
  t.is(code, 0);
  t.is(stdout, `${account.name} has the role find_user_id.\n`);
  await t.notThrowsAsync(ask("CALL sess_find_user_id('1', '', 1)"));
});

const misuses: Array<[args: string[], said: RegExp]> = [
  [
    ['attribute', 'add', 'User', '--path', '$.a', '--type', 'INT'],
    /^error: Expected `name` to be an attribute's name/,
  ],
  [['attribute', 'add', 'a', '--path', '$', '--type', 'INT'], /^error: Expected `--path` to be a path/],
  [
    ['attribute', 'add', 'a', '--path', '$.a', '--type', 'BLOB'],
    /^error: Expected `--type` to be VARCHAR\(n\)/,
  ],
  [['attribute', 'add', 'a', '--path', '$.a'], /^error: required option '--type <type>' not specified/],
  [['attribute', 'drop', 'A'], /^error: Expected `name` to be an attribute's name/],
  [
    ['grant', 'app', '--role', 'owner'],
    /^error: Expected `--role` to be one of application, cleaner, operator, find_ATTRIBUTE/,
  ],
];
for (const [args, said] of misuses) {
  test.serial(`${args.join(' ')} is wrong usage, and changes nothing.`, async (t) => {
    const { url } = await createInstallation(t, []);
    const { code, stdout, stderr } = await runCli([...args, '--url', url]);
    t.is(code, 2);
    t.is(stdout, '');
    t.regex(stderr, said);
    t.deepEqual((await status({ connection: url })).attributes, []);
  });
}
