import test, { type ExecutionContext } from 'ava';
import { install, status } from '../../../src/install';
import { createInstallation, disableEvent } from '../../install/installation';
import { processes } from '../../support/connections';
import { createDatabase, openDatabase, type TestDatabase } from '../../support/database';
import { waitUntil } from '../../support/wait-until';
import { runAtTerminal, testAtTerminal } from '../pseudo-terminal';
import { outcomeOf, runCli, startCli } from '../run-cli';

test.serial('migrate installs, prints each step on stderr and the result on stdout.', async (t) => {
  const { url } = await createDatabase(t);
  const { code, stdout, stderr } = await runCli(['migrate'], { MYSQL_URL: url });
  const { steps } = await status({ connection: url });
  t.is(code, 0);
  t.is(stdout, `Up to date: ${steps.length} steps done.\n`);
  t.is(
    stderr,
    `${steps.map(({ name }) => `✔ ${name}\n`).join('')}Next: knex-mysql-session grant ACCOUNT\n`,
  );
});

test.serial('migrate suggests no grant if an account has a role.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query('DROP PROCEDURE sess_get');
  t.like(await runCli(['migrate'], { MYSQL_URL: url }), {
    code: 0,
    stdout: 'Up to date: 1 step done.\n',
    stderr: '✔ routines/sess_get\n',
  });
});

test.serial('migrate reports that nothing is pending.', async (t) => {
  const { url } = await createInstallation(t);
  t.like(await runCli(['migrate'], { MYSQL_URL: url }), {
    code: 0,
    stdout: 'Nothing to do: up to date.\n',
    stderr: '',
  });
});

test.serial('migrate --json prints the steps that it ran.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query('DROP PROCEDURE sess_get');
  const { code, stdout } = await runCli(['migrate', '--json', '--url', url]);
  t.is(code, 0);
  t.deepEqual(JSON.parse(stdout), { steps: ['routines/sess_get'] });
});

test.serial('migrate installs under other names, and suggests a grant with them.', async (t) => {
  const { url, query } = await createDatabase(t);
  const names = ['--table', 'logins', '--prefix', 'lg_', '--sid-column', 'login'];
  const { code, stderr } = await runCli(['migrate', '--url', url, ...names]);
  t.is(code, 0);
  t.regex(stderr, new RegExp(`^Next: knex-mysql-session grant ACCOUNT ${names.join(' ')}$`, 'm'));
  await query("CALL lg_set('a', '{}', 60000)");
  t.deepEqual(await query('SELECT login FROM logins'), [['a']]);
});

test.serial('migrate fails with exit code 1 and one sentence over a foreign table.', async (t) => {
  const { url, query } = await createDatabase(t);
  await query('CREATE TABLE sessions (id INT)');
  const { code, stdout, stderr } = await runCli(['migrate'], { MYSQL_URL: url });
  t.is(code, 1);
  t.is(stdout, '');
  t.regex(stderr, /^error: .*`sessions`.*\n$/);
});

test.serial('An interrupted migrate ends at once by the signal.', async (t) => {
  const { url, query, name } = await createDatabase(t);
  await install({ connection: url });
  const isWaiting = async () =>
    (await processes({ query })).some(
      ({ database, statement }) => database === name && statement.endsWith('FOR UPDATE'),
    );
  await withMigrationLock(t, url, async () => {
    const child = startCli(['migrate', '--url', url]);
    const outcome = outcomeOf(child);
    await waitUntil(isWaiting);
    child.kill('SIGINT');
    t.like(await outcome, { code: null, signal: 'SIGINT', stdout: '' });
    t.regex((await outcome).stderr, /Interrupted\. Completed steps are kept\./);
  });
});

test.serial('migrate reports that it waits for another installer, and then runs.', async (t) => {
  const { url, query } = await createDatabase(t);
  await install({ connection: url });
  await query('DROP PROCEDURE sess_get');
  await withMigrationLock(t, url, async (unlock) => {
    const child = startCli(['migrate'], { MYSQL_URL: url });
    const outcome = outcomeOf(child);
    await new Promise((resolve) => child.stderr.once('data', resolve));
    await unlock();
    t.is((await outcome).code, 0);
    t.regex((await outcome).stderr, /^Another installer is running\. Waiting for it\.\n✔ /);
  });
});

/** Runs `work` while another connection has the lock of the installer. */
function withMigrationLock(
  t: ExecutionContext,
  url: string,
  work: (unlock: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  return openDatabase(t, url).withConnection(async (other) => {
    await other.query('START TRANSACTION');
    await other.query('SELECT * FROM sessions_migrations WHERE id = 1 FOR UPDATE');
    await work(() => other.query('COMMIT'));
  });
}

testAtTerminal('migrate at a terminal shows a bar and a line for each step.', async (t) => {
  const { url } = await createDatabase(t);
  const { code, screen } = await runAtTerminal(['migrate'], { MYSQL_URL: url });
  t.is(code, 0);
  t.regex(screen, /█/);
  t.is(screen.match(/✔/g)?.length, (await status({ connection: url })).steps.length);
});

test.serial('migrate --definer current makes the installer the definer.', async (t) => {
  const { url, query } = await createDatabase(t);
  t.is((await runCli(['migrate', '--definer', 'current', '--url', url])).code, 0);
  const rows = await query(
    `SELECT DISTINCT definer = CURRENT_USER() FROM information_schema.routines
     WHERE routine_schema = DATABASE()`,
  );
  t.deepEqual(
    rows.map(([isCurrent]) => Number(isCurrent)),
    [1],
  );
});

for (const [args, expected] of [
  [['--event'], 'sess_gc every 60 s'],
  [['--event', '--every', '300'], 'sess_gc every 300 s'],
  [['--every', '300'], 'sess_gc every 300 s'],
  [['--no-event'], 'none'],
  [[], 'none'],
] as const) {
  test.serial(`The event after ${['migrate', ...args].join(' ')}: ${expected}.`, async (t) => {
    const database = await createDatabase(t);
    const { code } = await runCli(['migrate', ...args, '--url', database.url]);
    t.is(code, 0);
    t.is(await describeEvent(database), expected);
  });
}

test.serial('migrate --no-event removes the event.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, event: true });
  t.like(await runCli(['migrate', '--no-event', '--url', database.url]), {
    code: 0,
    stdout: 'Up to date: 2 steps done.\n',
  });
  t.is(await describeEvent(database), 'none');
});

test.serial('migrate without an option for the event keeps it.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, event: { every: 300 } });
  t.like(await runCli(['migrate', '--url', database.url]), {
    stdout: 'Nothing to do: up to date.\n',
  });
  t.is(await describeEvent(database), 'sess_gc every 300 s');
});

test.serial('migrate enables a disabled event, and warns if the scheduler is off.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, event: true });
  await disableEvent(database);
  const { code, stdout, stderr } = await runCli(['migrate', '--event', '--url', database.url]);
  t.is(code, 0);
  t.is(stdout, 'Up to date: 1 step done.\n');
  const [row] = await database.query('SELECT @@GLOBAL.event_scheduler');
  const warning = /^The cleanup does not run yet\. .*\.$/m;
  t.is(warning.test(stderr), row?.[0] !== 'ON');
});

async function describeEvent({ url }: TestDatabase): Promise<string> {
  const { event } = await status({ connection: url });
  return event ? `${event.name} every ${event.every} s` : 'none';
}

for (const every of ['0', '86401', '1h']) {
  test.serial(`migrate --every ${every} has exit code 2.`, async (t) => {
    const url = 'mysql://dba@127.0.0.1:1/shop';
    t.like(await runCli(['migrate', '--every', every, '--url', url]), {
      code: 2,
      stdout: '',
      stderr: `error: Expected \`--every\` to be a whole number, 1 to 86400, got "${every}"\n`,
    });
  });
}

test.serial('migrate --dry-run prints the SQL, and changes nothing.', async (t) => {
  const { url } = await createDatabase(t);
  const { code, stdout } = await runCli(['migrate', '--dry-run', '--url', url]);
  t.is(code, 0);
  t.is(stdout, (await runCli(['plan', '--url', url])).stdout);
  t.regex(stdout, /^CREATE TABLE IF NOT EXISTS `sessions` \(/m);
  t.false((await status({ connection: url })).upToDate);
});

/** Makes an installation look like a copy: its log names another database. */
async function createCopy(t: ExecutionContext) {
  const installation = await createInstallation(t, ['application']);
  await installation.query(
    `UPDATE sessions_migrations SET details = JSON_SET(details, '$.database', 'shop'), checksum = 'of shop'
     WHERE kind = 'installation'`,
  );
  return installation;
}

test.serial('migrate in a copy says which roles it leaves out.', async (t) => {
  const { url, account } = await createCopy(t);
  const { code, stderr } = await runCli(['migrate'], { MYSQL_URL: url });
  t.is(code, 0);
  t.is(
    stderr,
    `This is a copy of shop. Left out: ${account.name} (application).\n` +
      `✔ grants/application/${account.name}/removed\n✔ installations/sessions\n` +
      'Next: knex-mysql-session grant ACCOUNT\n',
  );
});

test.serial('migrate --keep-grants in a copy leaves out nothing.', async (t) => {
  const { url } = await createCopy(t);
  const { code, stderr } = await runCli(['migrate', '--keep-grants'], { MYSQL_URL: url });
  t.is(code, 0);
  t.is(stderr, '✔ installations/sessions\n');
});

test.serial('plan --keep-grants prints what migrate --keep-grants would run.', async (t) => {
  const { url } = await createCopy(t);
  const { stdout } = await runCli(['plan', '--keep-grants', '--url', url]);
  t.false(stdout.includes('/removed'));
  t.is((await runCli(['migrate', '--keep-grants', '--dry-run', '--url', url])).stdout, stdout);
  t.regex((await runCli(['plan', '--url', url])).stdout, /^-- grants\/application\/.*\/removed$/m);
});
