import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { runCli } from './cli';

const commands = ['plan', 'migrate', 'status', 'doctor', 'rollback', 'grant', 'gc', 'adopt'];

test.serial('The help tells every command, the exit codes and the environment, on stdout.', async (t) => {
  const { code, stdout, stderr } = await runCli(['--help']);
  t.is(code, 0);
  t.is(stderr, '');
  for (const text of [...commands, 'MYSQL_URL', 'MYSQL_PWD', 'NO_COLOR', 'wrong usage']) {
    t.true(stdout.includes(text), text);
  }
});

test.serial('Every line of the help fits a terminal of 80 columns.', async (t) => {
  const { stdout } = await runCli(['--help']);
  t.deepEqual(
    stdout.split('\n').filter((line) => line.length > 80),
    [],
  );
});

test.serial('The help of a command has its options with their defaults, and examples.', async (t) => {
  const { code, stdout } = await runCli(['migrate', '--help']);
  t.is(code, 0);
  t.regex(stdout, /--table <name> .*\(default: "sessions"\)/);
  t.regex(stdout, /\$ knex-mysql-session migrate/);
});

test.serial('The version is the one of the package.', async (t) => {
  const manifest = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
  t.like(await runCli(['--version']), { code: 0, stdout: `${manifest.version}\n` });
});

test.serial('Without a command, the help is on stderr and the usage was wrong.', async (t) => {
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
  [['migrate', '-phunter2', '--url', url], /^error: Expected `--password` to be given without a value/],
  [['migrate', '--password=hunter2', '--url', url], /^error: Expected `--password` to be given without/],
  [['migrate', '--password', '--url', url], /^error: Expected `--password` to be asked for at a terminal/],
  [['migrate'], /^error: Expected `--url` to be a URL .*, got none/],
  [['migrate', '--url', 'mysql://dba:hunter2@db.example'], /^error: Expected `--url` to be a URL such as/],
  [['migrate', '--url', url, '--sid-column', 'a b'], /^error: Expected `--sid-column` to be a name/],
  [['migrate', '--url', url, '--ssl-mode', 'MAYBE'], /^error: Expected `--ssl-mode` to be one of DISABLED, /],
  [['migrate', '--url', `${url}?ssl-mode=MAYBE`], /^error: Expected `--ssl-mode` to be one of DISABLED, /],
  [['plan', '--url', url, '--database', 'shop'], /^error: Expected `--database` to be given without --url/],
  [['grant', '--url', url], /^error: missing required argument 'account'/],
  [['grant', 'app', '--role', 'owner', '--url', url], /^error: Expected `--role` to be one of application,/],
  [['grant', "a'b", '--url', url], /^error: Expected `account` to be an account such as app@'%'/],
  [['rollback', '--to', 'all', '--url', url], /^error: Expected `--to` to be the number of a migration/],
  [['rollback', '--to', '0', '--url', url], /^error: Expected `--yes` to be given/],
  [['gc', '--limit', '0', '--url', url], /^error: Expected `--limit` to be a whole number, 1 to 2147483647/],
];
for (const [args, expected] of wrongUsage) {
  const shown = args.join(' ').replaceAll('hunter2', '…');
  test.serial(`Wrong usage is named, with exit code 2 and without a password: ${shown}`, async (t) => {
    const { code, stdout, stderr } = await runCli(args);
    t.is(code, 2);
    t.is(stdout, '');
    t.regex(stderr, expected);
    t.notRegex(stderr, /hunter2|\n {4}at /);
  });
}
