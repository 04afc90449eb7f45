import test from 'ava';
import { addAttribute } from '../../../src/install';
import { createInstallation, ids, writeSession } from '../../install/installation';
import { runCli } from '../run-cli';
import { createOperatorInstallation } from './operator-installation';

const wrongUsage: Array<[args: string[], error: RegExp]> = [
  [
    ['list', '--where', 'user'],
    /^error: Expected `--where` to be an attribute and its value, such as user_id=42/,
  ],
  [['list', '--where', 'User=1'], /^error: Expected `--where` to be .*, got "User"/],
  [
    ['list', '--limit', '0'],
    /^error: Expected `--limit` to be a whole number, 1 to 2147483647, got "0"/,
  ],
  [['end'], /^error: Expected `--where` to be the only one of .* --where and --all, got none/],
  [
    ['end', 'a', '--where', 'user=42'],
    /^error: Expected `--where` to be the only one of .* --where and --all, got more than one/,
  ],
  [['end', 'a', '--all', '--yes'], /^error: Expected `--where` to be .*, got more than one/],
  [
    ['end', '--all', '--where', 'user=42', '--yes'],
    /^error: Expected `--where` to be .*, got more than one/,
  ],
  [
    ['end', '--all', '--except', 'a', '--yes'],
    /^error: Expected `--except` to be given with --where, got --all/,
  ],
  [['end', 'a', '--except', 'b'], /^error: Expected `--except` to be given with --where/],
  [['end', 'a b'], /^error: Expected `sid` to be .* 1 to 255 visible ASCII characters/],
  [['show', ''], /^error: Expected `sid` to be .* 1 to 255 visible ASCII characters/],
];
for (const [args, expected] of wrongUsage) {
  test.serial(`Wrong usage ends no session: ${args.join(' ')}`, async (t) => {
    const installation = await createOperatorInstallation(t);
    const { code, stdout, stderr } = await installation.run(...args);
    t.is(code, 2);
    t.is(stdout, '');
    t.regex(stderr, expected);
    t.is((await ids(installation)).length, 4);
  });
}

for (const args of [
  ['list'],
  ['list', '--where', 'user=42'],
  ['show', 'a'],
  ['end', 'a'],
  ['end', '--where', 'user=42'],
  ['stats'],
]) {
  test.serial(`Without the role operator, ${args.join(' ')} names the grant.`, async (t) => {
    const installation = await createInstallation(t, ['cleaner']);
    await addAttribute(
      { connection: installation.url },
      { name: 'user', path: '$.user', type: 'INT' },
    );
    await writeSession(installation, 'a', 60);
    const { code, stderr } = await runCli([...args], { MYSQL_URL: installation.account.url });
    t.is(code, 1);
    t.regex(
      stderr,
      /^error: .+npx knex-mysql-session grant '.+'@'%' --role (operator|find_user|destroy_user) --database /,
    );
    t.deepEqual(await ids(installation), ['a']);
  });
}
