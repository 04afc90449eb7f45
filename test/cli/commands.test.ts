import test from 'ava';
import { grant, install, plan, planFresh, status } from '../../src/install';
import { createDatabase, openDatabase } from '../database';
import { catalogueOf } from '../install/catalogue';
import { hasClient, runInClient } from '../install/client';
import { createInstallation, ids, writeSession } from '../install/installation';
import { outcomeOf, runCli, startCli } from './cli';

test.serial('migrate installs, says each step on stderr and the result on stdout.', async (t) => {
  const { url } = await createDatabase(t);
  const { code, stdout, stderr } = await runCli(['migrate', '--url', url]);
  t.is(code, 0);
  t.is(stdout, 'Up to date: 17 steps done.\n');
  const steps = (await status({ connection: url })).steps.map(({ name }) => `✔ ${name}\n`);
  t.is(stderr, steps.join(''));
});

test.serial('migrate says where nothing is to do.', async (t) => {
  const { url } = await createInstallation(t);
  t.like(await runCli(['migrate'], { MYSQL_URL: url }), {
    code: 0,
    stdout: 'Nothing to do: up to date.\n',
    stderr: '',
  });
});

test.serial('migrate --json tells the steps that it took.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query('DROP PROCEDURE sess_get');
  const { code, stdout } = await runCli(['migrate', '--json', '--url', url]);
  t.is(code, 0);
  t.deepEqual(JSON.parse(stdout), { steps: ['routines/sess_get'] });
});

test.serial('migrate takes other names.', async (t) => {
  const { url, query } = await createDatabase(t);
  const names = ['--table', 'logins', '--prefix', 'lg_', '--sid-column', 'login'];
  t.is((await runCli(['migrate', '--url', url, ...names])).code, 0);
  await query("CALL lg_set('a', '{}', 60000)");
  t.deepEqual(await query('SELECT login FROM logins'), [['a']]);
});

test.serial(
  'migrate fails with exit code 1, a sentence and no stack where it may not install.',
  async (t) => {
    const { url, query } = await createDatabase(t);
    await query('CREATE TABLE sessions (id INT)');
    const { code, stdout, stderr } = await runCli(['migrate', '--url', url]);
    t.is(code, 1);
    t.is(stdout, '');
    t.regex(stderr, /^error: The table `sessions` .*\n$/);
  },
);

test.serial('migrate ends at once when it is interrupted, by the signal.', async (t) => {
  const { url, query } = await createDatabase(t);
  const waiting = `SELECT COUNT(*) FROM information_schema.processlist
    WHERE db = DATABASE() AND id <> CONNECTION_ID() AND info LIKE 'SELECT GET_LOCK%'`;
  await openDatabase(t, url).withConnection(async (other) => {
    await other.query(
      "SELECT GET_LOCK(CONCAT('sess_migrate:', LEFT(SHA2(CONCAT(DATABASE(), '.', 'sessions'), 256), 48)), 0)",
    );
    const child = startCli(['migrate', '--url', url]);
    const outcome = outcomeOf(child);
    while (Number((await query(waiting))[0]?.[0]) === 0) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill('SIGINT');
    t.like(await outcome, { code: null, signal: 'SIGINT', stdout: '' });
    t.regex((await outcome).stderr, /Interrupted/);
  });
});

test.serial('migrate says that it waits for another installer, and goes on when that is done.', async (t) => {
  const { url } = await createDatabase(t);
  await openDatabase(t, url).withConnection(async (other) => {
    await other.query(
      "SELECT GET_LOCK(CONCAT('sess_migrate:', LEFT(SHA2(CONCAT(DATABASE(), '.', 'sessions'), 256), 48)), 0)",
    );
    const child = startCli(['migrate', '--url', url]);
    const outcome = outcomeOf(child);
    await new Promise((resolve) => child.stderr.once('data', resolve));
    await other.query('DO RELEASE_ALL_LOCKS()');
    t.is((await outcome).code, 0);
    t.regex((await outcome).stderr, /^Another installer is at work: waiting for it\.\n✔ /);
  });
});

test.serial('plan prints what is to do, and nothing else.', async (t) => {
  const { url } = await createDatabase(t);
  t.like(await runCli(['plan', '--url', url]), {
    code: 0,
    stdout: await plan({ connection: url }),
    stderr: '',
  });
});

test.serial('plan prints nothing where nothing is to do, and says so on stderr.', async (t) => {
  const { url } = await createInstallation(t);
  t.like(await runCli(['plan', '--url', url]), {
    code: 0,
    stdout: '',
    stderr: 'Nothing to do: the installation is up to date.\n',
  });
});

test.serial('plan --database asks no server, whatever MYSQL_URL says.', async (t) => {
  t.like(
    await runCli(['plan', '--database', 'shop', '--prefix', 's_'], {
      MYSQL_URL: 'mysql://dba@127.0.0.1:1/x',
    }),
    { code: 0, stdout: planFresh({ database: 'shop', prefix: 's_' }), stderr: '' },
  );
});

(hasClient ? test.serial : test.serial.skip)('plan piped into the client installs.', async (t) => {
  const { url } = await createDatabase(t);
  const { stdout } = await runCli(['plan', '--url', url]);
  await runInClient(url, stdout);
  t.true((await status({ connection: url })).upToDate);
});

test.serial('A reader of a plan may leave early.', async (t) => {
  const child = startCli(['plan', '--database', 'shop']);
  child.stdin.end();
  const outcome = outcomeOf(child);
  child.stdout.destroy();
  t.like(await outcome, { code: 0, signal: null, stderr: '' });
});

test.serial('status of an installation that is up to date has exit code 0.', async (t) => {
  const { name, url, account } = await createInstallation(t, ['cleaner']);
  const { code, stdout, stderr } = await runCli(['status', '--url', url]);
  t.is(code, 0);
  t.is(stderr, '');
  t.regex(stdout, new RegExp(`^Run as +'${name}\\.sess_'@'localhost'$`, 'm'));
  t.regex(stdout, /^routines\/sess_get +applied +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/m);
  t.regex(stdout, new RegExp(`^cleaner +${account.name}$`, 'm'));
  t.regex(stdout, /^Up to date\.$/m);
});

test.serial('status where something is to do has exit code 3, and names it.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query('DROP PROCEDURE sess_get');
  const { code, stdout } = await runCli(['status', '--url', url]);
  t.is(code, 3);
  t.regex(stdout, /^routines\/sess_get +changed /m);
  t.regex(stdout, /^1 step to do: run knex-mysql-session migrate\.$/m);
});

test.serial('status --json is what the library tells.', async (t) => {
  const { url } = await createInstallation(t);
  const { code, stdout } = await runCli(['status', '--json', '--url', url]);
  t.is(code, 0);
  t.deepEqual(JSON.parse(stdout), JSON.parse(JSON.stringify(await status({ connection: url }))));
});

test.serial('What is no terminal gets no colours.', async (t) => {
  const { url } = await createInstallation(t);
  const { stdout, stderr } = await runCli(['status', '--url', url]);
  t.false(`${stdout}${stderr}`.includes('\u001b'));
});

test.serial('grant gives the application its role.', async (t) => {
  const { url, account } = await createInstallation(t, []);
  const { code, stdout } = await runCli(['grant', account.name, '--url', url]);
  t.is(code, 0);
  t.is(stdout, `${account.name} has the role application.\n`);
  await t.notThrowsAsync(openDatabase(t, account.url).query("CALL sess_get('a')"));
});

test.serial('grant --role --json gives another role, and tells it.', async (t) => {
  const { url, account } = await createInstallation(t, []);
  const { stdout } = await runCli(['grant', account.name, '--role', 'cleaner', '--json', '--url', url]);
  t.deepEqual(JSON.parse(stdout), { account: account.name, role: 'cleaner' });
  t.deepEqual((await status({ connection: url })).grants, [{ account: account.name, role: 'cleaner' }]);
});

test.serial('grant to an account that is not there shows how to create it, with exit code 1.', async (t) => {
  const { name, url } = await createInstallation(t, []);
  const { code, stdout, stderr } = await runCli(['grant', `${name}.nobody@localhost`, '--url', url]);
  t.is(code, 1);
  t.is(stdout, '');
  t.regex(stderr, new RegExp(`CREATE USER '${name}\\.nobody'@'localhost' IDENTIFIED BY`));
});

test.serial(
  'rollback from the first migration wants --yes where no terminal is, and changes nothing.',
  async (t) => {
    const installation = await createInstallation(t);
    const before = await catalogueOf(installation);
    const { code, stderr } = await runCli(['rollback', '--url', installation.url]);
    t.is(code, 2);
    t.regex(stderr, /`--yes`/);
    t.deepEqual(await catalogueOf(installation), before);
  },
);

test.serial('rollback --yes from the first migration removes everything.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const { code, stdout } = await runCli(['rollback', '--yes', '--url', database.url]);
  t.is(code, 0);
  t.is(stdout, '17 steps taken back.\n');
  t.deepEqual(await catalogueOf(database), { tables: [], routines: [], grants: {}, log: [] });
});

test.serial('rollback where nothing is installed asks nothing.', async (t) => {
  const { url } = await createDatabase(t);
  t.like(await runCli(['rollback', '--url', url]), {
    code: 0,
    stdout: 'Nothing to take back.\n',
    stderr: '',
  });
});

test.serial('rollback takes back an installation that migrate would refuse.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query('ALTER TABLE sessions DROP COLUMN created_at');
  t.is((await runCli(['rollback', '--yes', '--url', url])).code, 0);
  t.deepEqual(await query("SHOW TABLES LIKE 'sessions%'"), []);
});

test.serial('rollback to where the table is takes nothing back.', async (t) => {
  const { url } = await createInstallation(t);
  const { code, stdout } = await runCli(['rollback', '--to', '1', '--json', '--url', url]);
  t.is(code, 0);
  t.deepEqual(JSON.parse(stdout), { to: 1, steps: [] });
});

test.serial('rollback to a migration that is not there is wrong usage.', async (t) => {
  const { url } = await createInstallation(t);
  const { code, stderr } = await runCli(['rollback', '--to', '7', '--url', url]);
  t.is(code, 2);
  t.is(stderr, "error: Expected `--to` to be a migration's number, 0 to 1, got 7\n");
});

test.serial('gc as a cleaner deletes the expired sessions in batches, until none is left.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  for (const sid of ['a', 'b', 'c', 'd', 'e']) {
    await writeSession(installation, sid, -1);
  }
  await writeSession(installation, 'live', 60);
  t.like(await runCli(['gc', '--limit', '2', '--url', installation.account.url]), {
    code: 0,
    stdout: '5 expired sessions deleted.\n',
    stderr: '',
  });
  t.deepEqual(await ids(installation), ['live']);
});

test.serial('gc --json tells how many it deleted.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  await writeSession(installation, 'a', -1);
  const { stdout } = await runCli(['gc', '--json', '--url', installation.account.url]);
  t.deepEqual(JSON.parse(stdout), { deleted: 1, busy: false });
});

test.serial('gc leaves the work to another cleanup that is under way, and says so.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  await writeSession(installation, 'a', -1);
  await openDatabase(t, installation.url).withConnection(async (other) => {
    await other.query("SELECT GET_LOCK(CONCAT('sess_gc:', SHA2(CONCAT(DATABASE(), '.`sessions`'), 224)), 0)");
    const { code, stdout, stderr } = await runCli(['gc', '--json', '--url', installation.account.url]);
    t.is(code, 0);
    t.deepEqual(JSON.parse(stdout), { deleted: 0, busy: true });
    t.regex(stderr, /under way/);
  });
});

test.serial('gc takes another prefix.', async (t) => {
  const { url, query, createAccount } = await createDatabase(t);
  const naming = { connection: url, table: 'logins', prefix: 'lg_' };
  await install(naming);
  const account = await createAccount();
  await grant(naming, account.name, 'cleaner');
  await query("INSERT INTO logins VALUES ('a', '{}', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))");
  const { stdout } = await runCli(['gc', '--prefix', 'lg_', '--url', account.url]);
  t.is(stdout, '1 expired session deleted.\n');
});

test.serial('gc of an account without the role names the grant that it lacks.', async (t) => {
  const { account } = await createInstallation(t, ['operator']);
  const { code, stdout, stderr } = await runCli(['gc', '--url', account.url]);
  t.is(code, 1);
  t.is(stdout, '');
  t.regex(stderr, /knex-mysql-session grant ACCOUNT --role cleaner/);
});
