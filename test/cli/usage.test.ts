import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { runCli } from './run-cli';

const root = join(__dirname, '../..');

test.serial('The help lists the environment and the exit codes on stdout.', async (t) => {
  const { code, stdout, stderr } = await runCli(['--help']);
  t.is(code, 0);
  t.is(stderr, '');
  for (const text of ['MYSQL_URL', 'MYSQL_PWD', 'NO_COLOR', 'wrong usage']) {
    t.true(stdout.includes(text), text);
  }
});

test.serial('Every file in src/cli/commands is a command that the help lists.', async (t) => {
  const files = readdirSync(join(root, 'src/cli/commands')).map((file) => file.replace('.ts', ''));
  const { stdout } = await runCli(['--help']);
  const [, list = ''] = /^Commands:\n(.*?)\n\n/ms.exec(stdout) ?? [];
  const listed = [...list.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name);
  t.deepEqual(listed.sort(), [...files.filter((name) => name !== 'index'), 'help'].sort());
});

test.serial('Every line of the help fits a terminal of 80 columns.', async (t) => {
  const { stdout } = await runCli(['--help']);
  t.deepEqual(
    stdout.split('\n').filter((line) => line.length > 80),
    [],
  );
});

test.serial('The help of a command has its options, their defaults and examples.', async (t) => {
  const { code, stdout } = await runCli(['migrate', '--help']);
  t.is(code, 0);
  t.regex(
    stdout,
    /--table <name>\s+table of the sessions\s+\(default:\s+as\s+installed,\s+else\s+sessions\)/,
  );
  t.regex(stdout, /\$ knex-mysql-session migrate/);
});

test.serial('The version is the version of the package.', async (t) => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  t.like(await runCli(['--version']), { code: 0, stdout: `${manifest.version}\n` });
});

test.serial('Without a command, the help goes to stderr with exit code 2.', async (t) => {
  const { code, stdout, stderr } = await runCli([]);
  t.is(code, 2);
  t.is(stdout, '');
  t.regex(stderr, /^Usage: knex-mysql-session/);
});

const url = 'mysql://dba:hunter2@127.0.0.1:1/shop';
const wrongUsage: Array<[args: string[], error: RegExp]> = [
  [['migrat'], /^error: unknown command 'migrat'\n\(Did you mean migrate\?\)/],
  [[url], /^error: unknown command 'mysql:\/\/dba:\*\*\*@127/],
  [['migrate', url], /^error: too many arguments for 'migrate'/],
  [['migrate', `--ulr=${url}`], /^error: unknown option '--ulr=mysql:\/\/dba:\*\*\*@/],
  [
    ['migrate', '-phunter2', '--url', url],
    /^error: Expected `--password` to be given without a value/,
  ],
  [
    ['migrate', '--password=hunter2', '--url', url],
    /^error: Expected `--password` to be given without a value/,
  ],
  [
    ['migrate', '--password', '--url', url],
    /^error: Expected `--password` to be used at a terminal .*, got no terminal/,
  ],
  [['migrate'], /^error: Expected `--url` to be a URL .*, got none/],
  [
    ['migrate', '--url', 'mysql://dba:hunter2@db.example'],
    /^error: Expected `--database` to be given, or named by the URL/,
  ],
  [['migrate', '--url', url, '--sid-column', 'a b'], /^error: Expected `--sid-column` to be /],
  [
    ['migrate', '--url', url, '--ssl-mode', 'MAYBE'],
    /^error: Expected `--ssl-mode` to be one of DISABLED, /,
  ],
  [
    ['migrate', '--url', `${url}?ssl-mode=MAYBE`],
    /^error: Expected `--ssl-mode` to be one of DISABLED, /,
  ],
  [
    ['plan', '--url', url, '--database', 'shop'],
    /^error: Expected `--database` to be given without a connection/,
  ],
  [['grant', '--url', url], /^error: missing required argument 'account'/],
  [['grant', 'app', '--role', 'owner', '--url', url], /^error: Expected `--role` to be one of /],
  [['grant', "a'b", '--url', url], /^error: Expected `account` to be /],
  [
    ['rollback', '--to', 'all', '--url', url],
    /^error: Expected `--to` to be a whole number, 0 to .*, got "all"/,
  ],
  [['rollback', '--to', '0', '--url', url], /^error: Expected `--yes` to be given/],
  [
    ['gc', '--limit', '0', '--url', url],
    /^error: Expected `--limit` to be a whole number, 1 to 2147483647/,
  ],
];
for (const [args, expected] of wrongUsage) {
  const shown = args.join(' ').replaceAll('hunter2', '…');
  test.serial(`Wrong usage has exit code 2 and shows no password: ${shown}`, async (t) => {
    const { code, stdout, stderr } = await runCli(args);
    t.is(code, 2);
    t.is(stdout, '');
    // A warning about the password precedes the error.
    t.regex(stderr.replace(/^warning: .*\n/, ''), expected);
    t.notRegex(stderr, /hunter2|\n {4}at /);
  });
}
