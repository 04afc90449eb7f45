import test from 'ava';
import { createConnection } from 'mysql2/promise';
import { addAttribute, install, status } from '../../../src/install';
import { createInstallation, disableEvent } from '../../install/installation';
import { createDatabase } from '../../support/database';
import { runAtTerminal, testAtTerminal } from '../pseudo-terminal';
import { runCli } from '../run-cli';

test.serial('status of an installation without pending steps has exit code 0.', async (t) => {
  const { name, url, account } = await createInstallation(t, ['cleaner']);
  const { code, stdout, stderr } = await runCli(['status'], { MYSQL_URL: url });
  t.is(code, 0);
  t.is(stderr, '');
  t.regex(stdout, new RegExp(`^Definer +'${name}\\.sess_'@'localhost'$`, 'm'));
  t.regex(stdout, /^routines\/sess_get +applied +\d{4}-\d\d-\d\d \d\d:\d\d$/m);
  t.regex(stdout, new RegExp(`^cleaner +${account.name}$`, 'm'));
  t.regex(stdout, /^Up to date\.$/m);
});

test.serial('status with a pending step has exit code 3 and shows the command.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query('DROP PROCEDURE sess_get');
  const { code, stdout } = await runCli(['status', '--url', url]);
  t.is(code, 3);
  t.regex(stdout, /^routines\/sess_get +changed /m);
  t.regex(stdout, /^1 pending step\. Run: knex-mysql-session migrate$/m);
});

test.serial('status has lines of 80 columns at most, also for long differences.', async (t) => {
  const { url, query } = await createDatabase(t);
  await install({ connection: url, event: true });
  const user_id = { name: 'user_id', path: '$.user_id', type: 'BIGINT' } as const;
  await addAttribute({ connection: url }, user_id);
  const connection = await createConnection(url);
  t.teardown(() => connection.end());
  await connection.query("SET sql_mode = 'ANSI,STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO'");
  await connection.query('ALTER EVENT sess_gc DO SELECT 1');
  await query('ALTER PROCEDURE sess_destroy_user_id SQL SECURITY INVOKER');
  const { stdout } = await runCli(['status', '--url', url]);
  t.regex(stdout, /^routines\/sess_destroy_user_id +SQL SECURITY INVOKER$/m);
  t.regex(stdout, /^events\/sess_gc +different body(?:\n {20}.+)+? sql_mode .*,\n +[A-Z_]+\b/m);
  const [tables = ''] = stdout.split('Cleanup event');
  t.true(Math.max(...tables.split('\n').map((line) => line.length)) <= 80);
});

test.serial('status suggests commands with the names of the installation.', async (t) => {
  const { url } = await createDatabase(t);
  const { code, stdout } = await runCli(['status', '--table', 'logins', '--url', url]);
  t.is(code, 3);
  t.regex(stdout, /^No account has a role\. .*: knex-mysql-session grant ACCOUNT --table logins$/m);
  t.regex(stdout, /^\d+ pending steps\. Run: knex-mysql-session migrate --table logins$/m);
});

test.serial('status --json prints the status of the library.', async (t) => {
  const { url } = await createInstallation(t);
  const { code, stdout } = await runCli(['status', '--json', '--url', url]);
  t.is(code, 0);
  t.deepEqual(JSON.parse(stdout), JSON.parse(JSON.stringify(await status({ connection: url }))));
});

test.serial('status shows the event, its state and its last run.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, event: { every: 86_400 } });
  await disableEvent(database);
  const { code, stdout } = await runCli(['status', '--url', database.url]);
  t.is(code, 3);
  t.regex(stdout, /^events\/sess_gc +definer .*\n(?: {10}.*\n)* +DISABLED$/m);
  t.regex(stdout, /^Cleanup event +sess_gc$/m);
  t.regex(stdout, /^Interval +86400 seconds$/m);
  t.regex(stdout, /^State +not running$/m);
  t.regex(stdout, /^Last run \(UTC\) +(?:never|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$/m);
});

test.serial('status shows no event if none is installed.', async (t) => {
  const { url } = await createDatabase(t);
  await install({ connection: url });
  t.notRegex((await runCli(['status', '--url', url])).stdout, /event|Cleanup/);
});

test.serial('Output that goes to no terminal has no colors.', async (t) => {
  const { url } = await createInstallation(t);
  const { stdout, stderr } = await runCli(['status', '--url', url]);
  t.false(`${stdout}${stderr}`.includes('\u001b'));
});

testAtTerminal('Output that goes to a terminal has colors.', async (t) => {
  const { url } = await createInstallation(t);
  const { screen } = await runAtTerminal(['status'], { MYSQL_URL: url });
  t.true(screen.includes('\u001b[32mUp to date.'));
});

testAtTerminal('Output that goes to a terminal has no colors with NO_COLOR.', async (t) => {
  const { url } = await createInstallation(t);
  const { screen } = await runAtTerminal(['status'], { MYSQL_URL: url, NO_COLOR: '1' });
  t.false(screen.includes('\u001b['));
});
