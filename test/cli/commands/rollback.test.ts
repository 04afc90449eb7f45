import test from 'ava';
import { install, status } from '../../../src/install';
import { readCatalog } from '../../install/catalog';
import { createInstallation } from '../../install/installation';
import { createDatabase } from '../../support/database';
import { runAtTerminal, testAtTerminal } from '../pseudo-terminal';
import { runCli } from '../run-cli';

test.serial('rollback to 0 without a terminal needs --yes, and changes nothing.', async (t) => {
  const installation = await createInstallation(t);
  const before = await readCatalog(installation);
  const { code, stderr } = await runCli(['rollback', '--url', installation.url]);
  t.is(code, 2);
  t.regex(stderr, /`--yes`/);
  t.deepEqual(await readCatalog(installation), before);
});

test.serial('rollback --yes without --to 0 removes no installation.', async (t) => {
  const installation = await createInstallation(t);
  const before = await readCatalog(installation);
  const { code, stderr } = await runCli(['rollback', '--yes', '--url', installation.url]);
  t.is(code, 2);
  t.regex(stderr, /`--to` to be 0, because the rollback deletes all sessions, got none/);
  t.deepEqual(await readCatalog(installation), before);
});

test.serial('rollback --to 0 --yes lists what it removes, and removes it.', async (t) => {
  const database = await createDatabase(t);
  const steps = await install({ connection: database.url });
  const { code, stdout, stderr } = await runCli(['rollback', '--to', '0', '--yes'], {
    MYSQL_URL: database.url,
  });
  const [title, ...list] = stderr.split('\n').slice(0, steps.length + 1);
  t.is(title, 'To be removed:');
  t.deepEqual(list.toSorted(), steps.map((step) => `  ${step}`).toSorted());
  t.is(code, 0);
  t.is(stdout, `${steps.length} steps rolled back.\n`);
  t.deepEqual(await readCatalog(database), { tables: [], routines: [], grants: {}, log: [] });
});

test.serial('rollback without an installation asks nothing.', async (t) => {
  const { url } = await createDatabase(t);
  t.like(await runCli(['rollback'], { MYSQL_URL: url }), {
    code: 0,
    stdout: 'Nothing to roll back.\n',
    stderr: '',
  });
});

test.serial('rollback removes an installation that migrate would refuse.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query('ALTER TABLE sessions DROP COLUMN created_at');
  t.is((await runCli(['rollback', '--to', '0', '--yes', '--url', url])).code, 0);
  t.deepEqual(await query("SHOW TABLES LIKE 'sessions%'"), []);
});

test.serial('rollback to the current migration does nothing.', async (t) => {
  const { url } = await createInstallation(t);
  const { code, stdout } = await runCli(['rollback', '--to', '1', '--json', '--url', url]);
  t.is(code, 0);
  t.deepEqual(JSON.parse(stdout), { to: 1, steps: [] });
});

test.serial('rollback to an unknown migration is wrong usage.', async (t) => {
  const { url } = await createInstallation(t);
  const { code, stderr } = await runCli(['rollback', '--to', '7'], { MYSQL_URL: url });
  t.is(code, 2);
  t.regex(stderr, /^error: Expected `--to` to be .*, got 7\n$/);
});

testAtTerminal('rollback to 0 asks first, and the answer no changes nothing.', async (t) => {
  const installation = await createInstallation(t);
  const before = await readCatalog(installation);
  const { code, screen } = await runAtTerminal(
    ['rollback'],
    { MYSQL_URL: installation.url },
    { question: 'Continue?', keys: 'n\r' },
  );
  t.is(code, 1);
  t.regex(screen, /every session.*logged out.*Canceled\. Nothing was changed\./s);
  t.deepEqual(await readCatalog(installation), before);
});

testAtTerminal('rollback to 0 asks nothing if no server answers.', async (t) => {
  const { code, screen } = await runAtTerminal(['rollback', '--to', '0'], {
    MYSQL_URL: 'mysql://dba@127.0.0.1:1/shop',
  });
  t.is(code, 1);
  t.notRegex(screen, /Continue\?/);
});

testAtTerminal('rollback to 0 takes the return key alone as no.', async (t) => {
  const { url } = await createInstallation(t);
  const { code } = await runAtTerminal(
    ['rollback'],
    { MYSQL_URL: url },
    { question: 'Continue?', keys: '\r' },
  );
  t.is(code, 1);
  t.true((await status({ connection: url })).upToDate);
});

testAtTerminal('rollback to 0 runs after the answer yes.', async (t) => {
  const installation = await createInstallation(t);
  const { code } = await runAtTerminal(
    ['rollback', '--to', '0'],
    { MYSQL_URL: installation.url },
    { question: 'Continue?', keys: 'y\r' },
  );
  t.is(code, 0);
  t.like(await readCatalog(installation), { tables: [], routines: [] });
});

testAtTerminal('Ctrl-C at a question changes nothing and has exit code 130.', async (t) => {
  const installation = await createInstallation(t);
  const before = await readCatalog(installation);
  const { code, screen } = await runAtTerminal(
    ['rollback'],
    { MYSQL_URL: installation.url },
    { question: 'Continue?', keys: '\u0003' },
  );
  t.is(code, 130);
  t.notRegex(screen, / at .*:\d+:\d+/);
  t.deepEqual(await readCatalog(installation), before);
});

test.serial('rollback --plan prints the SQL, and changes nothing.', async (t) => {
  const installation = await createInstallation(t);
  const before = await readCatalog(installation);
  const args = ['rollback', '--to', '0', '--plan', '--url', installation.url];
  const { code, stdout } = await runCli(args);
  t.is(code, 0);
  t.regex(stdout, /^DROP TABLE IF EXISTS `sessions`;$/m);
  t.deepEqual(await readCatalog(installation), before);
});
