import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { createInstallation } from '../install/installation';
import { createHome } from './home';
import { outcomeOf, runCli, startCli } from './run-cli';

/** Formats a group with the connection of a URL, without the database. */
function formatGroup(group: string, url: string): string {
  const { hostname, port, username, password } = new URL(url);
  const quoted = decodeURIComponent(password).replace(/[\\"]/g, '\\$&');
  return (
    `[${group}]\nhost = ${hostname}\nport = ${port || 3306}\n` +
    `user = ${decodeURIComponent(username)}\npassword = "${quoted}" # kept from ps\n`
  );
}

test.serial('The program connects with ~/.my.cnf.', async (t) => {
  const { name, url } = await createInstallation(t);
  const HOME = createHome(t, `${formatGroup('client', url)}[knex-mysql-session]\ndatabase=${name}`);
  const { code, stdout, stderr } = await outcomeOf(startCli(['status', '--json'], { HOME }));
  t.is(stderr, '');
  t.is(code, 0);
  t.is(JSON.parse(stdout).database, name);
});

test.serial('--defaults-file and --defaults-group-suffix choose an account.', async (t) => {
  const { name, url, account } = await createInstallation(t, ['cleaner']);
  const HOME = createHome(t);
  const file = join(HOME, 'shops.cnf');
  const groups = [formatGroup('client', url), formatGroup('client_cron', account.url)];
  writeFileSync(file, groups.join('\n'), { mode: 0o600 });
  const args = ['--defaults-file', file, '--schema', name];
  t.is((await runCli(['status', ...args])).code, 0);
  t.is((await runCli(['gc', '--defaults-group-suffix', '_cron', ...args])).code, 0);
  const { code, stderr } = await runCli(['list', '--defaults-group-suffix', '_cron', ...args]);
  t.is(code, 1);
  t.regex(stderr, /grant '.+'@'%' --role operator/);
});

test.serial('A wrong password of an option file is never shown.', async (t) => {
  const { name, url } = await createInstallation(t);
  const wrong = Object.assign(new URL(url), { password: 'hunter2' }).href;
  const HOME = createHome(t, formatGroup('client', wrong));
  const { code, stdout, stderr } = await runCli(['status', '--database', name], { HOME });
  t.is(code, 1);
  t.is(stdout, '');
  t.regex(stderr, /^error: Access denied for user .* Check the password in .*the option file/);
  t.notRegex(stderr, /hunter2/);
});

test.serial('An option file without a database needs --database.', async (t) => {
  const HOME = createHome(t, '[client]\nhost=127.0.0.1\nport=1');
  t.like(await runCli(['status'], { HOME }), {
    code: 2,
    stderr:
      'error: Expected `--database` to be given, or named by the URL, as in ' +
      'mysql://dba@db.example/shop, or by an option file, got none\n',
  });
});

test.serial('plan --database refuses an option file, and names what to use.', async (t) => {
  const args = ['plan', '--database', 'shop', '--defaults-file', '/x.cnf'];
  const { code, stderr } = await runCli(args);
  t.is(code, 2);
  t.regex(stderr, /^error: Expected `--database` to be given without .* use: migrate --dry-run/);
});
