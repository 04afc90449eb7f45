import test from 'ava';
import { addAttribute, status } from '../../../src/install';
import { createInstallation } from '../../install/installation';
import { hasClient, runInClient } from '../../support/client';
import { runCli } from '../run-cli';

const userId = { name: 'user_id', path: '$.user.id', type: 'VARCHAR(64)' };
const add = ['attribute', 'add', 'user_id', '--path', '$.user.id', '--type', 'VARCHAR(64)'];

test.serial('attribute add prints its steps, the result and the next command.', async (t) => {
  const { url } = await createInstallation(t, []);
  const { code, stdout, stderr } = await runCli(add, { MYSQL_URL: url });
  t.is(code, 0);
  t.is(stdout, 'Attribute user_id added: 6 steps done.\n');
  t.deepEqual(stderr.split('\n'), [
    '✔ installations/sessions',
    '✔ attributes/user_id',
    '✔ routines/sess_find_user_id',
    '✔ routines/sess_count_user_id',
    '✔ routines/sess_limit_user_id',
    '✔ routines/sess_destroy_user_id',
    'Next: knex-mysql-session grant ACCOUNT --role find_user_id (or count_user_id, ' +
      'limit_user_id, destroy_user_id)',
    '',
  ]);
  t.like(await runCli(add, { MYSQL_URL: url }), {
    stdout: 'Nothing to do: the attribute user_id exists.\n',
    stderr: '',
  });
});

test.serial('attribute add --plan prints the SQL, and changes nothing.', async (t) => {
  const { url } = await createInstallation(t, []);
  const { code, stdout } = await runCli([...add, '--plan', '--url', url]);
  t.is(code, 0);
  t.regex(stdout, /^ {2}'ALTER TABLE `sessions` ADD INDEX `user_id_idx`/m);
  t.deepEqual((await status({ connection: url })).attributes, []);
});

(hasClient ? test.serial : test.serial.skip)(
  'The plans of attribute add and drop work when they are piped into the client.',
  async (t) => {
    const { url } = await createInstallation(t, []);
    const runPlan = async (args: readonly string[]) => {
      const { stdout } = await runCli([...args, '--plan', '--url', url]);
      await runInClient(url, stdout);
      const { attributes, upToDate } = await status({ connection: url });
      return [attributes, upToDate];
    };
    t.deepEqual(await runPlan(add), [[userId], true]);
    t.deepEqual(await runPlan(['attribute', 'drop', 'user_id']), [[], true]);
  },
);

test.serial('attribute list shows the attributes, and so does status.', async (t) => {
  const { url } = await createInstallation(t, []);
  t.is(
    (await runCli(['attribute', 'list', '--url', url])).stdout,
    'No attributes. ' + 'Add one: knex-mysql-session attribute add NAME --path PATH --type TYPE\n',
  );
  await addAttribute({ connection: url }, userId);
  const shown = 'Attribute  Path       Type\nuser_id    $.user.id  VARCHAR(64)\n';
  t.is((await runCli(['attribute', 'list', '--url', url])).stdout, shown);
  t.true((await runCli(['status', '--url', url])).stdout.includes(shown));
  const { stdout } = await runCli(['attribute', 'list', '--json', '--url', url]);
  t.deepEqual(JSON.parse(stdout), [userId]);
});

test.serial('attribute drop drops an attribute, and fails for an unknown one.', async (t) => {
  const { url } = await createInstallation(t, []);
  await addAttribute({ connection: url }, userId);
  await addAttribute({ connection: url }, { name: 'tenant', path: '$.tenant', type: 'INT' });
  const { code, stdout } = await runCli(['attribute', 'drop', 'user_id', '--json', '--url', url]);
  t.is(code, 0);
  t.deepEqual(JSON.parse(stdout), { attribute: 'user_id', steps: ['attributes/user_id/removed'] });
  t.like(await runCli(['attribute', 'drop', 'tenant', '--url', url]), {
    code: 0,
    stdout: 'Attribute tenant dropped: 1 step done.\n',
  });
  t.like(await runCli(['attribute', 'drop', 'user_id', '--url', url]), { code: 1, stdout: '' });
});

const wrongUsage: Array<[args: string[], error: RegExp]> = [
  [
    ['attribute', 'add', 'User', '--path', '$.a', '--type', 'INT'],
    /^error: Expected `name` to be .*, got "User"/,
  ],
  [
    ['attribute', 'add', 'a', '--path', '$', '--type', 'INT'],
    /^error: Expected `--path` to be .*, got "\$"/,
  ],
  [
    ['attribute', 'add', 'a', '--path', '$.a', '--type', 'BLOB'],
    /^error: Expected `--type` to be .*, got "BLOB"/,
  ],
  [
    ['attribute', 'add', 'a', '--path', '$.a'],
    /^error: required option '--type <type>' not specified/,
  ],
  [['attribute', 'drop', 'A'], /^error: Expected `name` to be .*, got "A"/],
  [
    ['grant', 'app', '--role', 'owner'],
    /^error: Expected `--role` to be one of application, cleaner, operator, find_ATTRIBUTE/,
  ],
];
for (const [args, expected] of wrongUsage) {
  test.serial(`Wrong usage changes nothing: ${args.join(' ')}`, async (t) => {
    const { url } = await createInstallation(t, []);
    const { code, stdout, stderr } = await runCli(args, { MYSQL_URL: url });
    t.is(code, 2);
    t.is(stdout, '');
    t.regex(stderr, expected);
    t.deepEqual((await status({ connection: url })).attributes, []);
  });
}
