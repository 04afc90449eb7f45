import test from 'ava';
import { doctor } from '../../src/install';
import { createDatabase } from '../database';
import { createInstallation } from '../install/installation';
import { runCli } from './cli';

test.serial('doctor finds nothing in a new installation, with exit code 0.', async (t) => {
  const { name, url } = await createInstallation(t, ['application']);
  const { code, stdout, stderr } = await runCli(['doctor', '--url', url]);
  t.is(code, 0);
  t.is(stderr, '');
  t.regex(stdout, new RegExp(`^${name}\\.sessions, as '`));
  t.regex(stdout, /^routines\n {2}✔ routine sess_all: as in the package$/m);
  t.regex(stdout, /^Nothing found\.$/m);
});

test.serial('doctor names what is wrong, what should be and the remedy, with exit code 3.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query('ALTER TABLE sessions DROP INDEX sessions_expired_idx');
  const { code, stdout } = await runCli(['doctor', '--url', url]);
  t.is(code, 3);
  t.true(
    stdout.includes(
      [
        '  ✘ index sessions_expired_idx: nothing',
        '      expected: on expired',
        '      remedy: ALTER TABLE `sessions` ADD INDEX `sessions_expired_idx` (`expired`);\n',
      ].join('\n'),
    ),
  );
  t.regex(stdout, /^1 finding\.$/m);
});

test.serial('doctor that may not look at everything says so, with exit code 1.', async (t) => {
  const { name, url, query, account } = await createInstallation(t, []);
  await query(`GRANT SELECT ON ${name}.* TO ${account.name}`);
  const { code, stdout } = await runCli(['doctor', '--url', account.url]);
  t.is(code, 1);
  t.regex(stdout, /^ {2}\? /m);
  t.regex(stdout, /could not be looked at\.$/m);
  t.is((await runCli(['doctor', '--url', url])).code, 0);
});

test.serial('doctor that can not connect has exit code 1.', async (t) => {
  const { code, stdout } = await runCli(['doctor', '--url', 'mysql://dba@127.0.0.1:1/shop']);
  t.is(code, 1);
  t.is(stdout, '');
});

test.serial('doctor --as finds nothing in an account that has the role and no more.', async (t) => {
  const { account } = await createInstallation(t, ['application']);
  const { code, stdout } = await runCli(['doctor', '--as', 'application', '--url', account.url]);
  t.is(code, 0);
  t.regex(stdout, /^ {2}✔ SELECT 1 FROM `sessions` LIMIT 0: refused with error 1142$/m);
});

test.serial('doctor --as of an account that may do too much has exit code 3.', async (t) => {
  const { query, account } = await createInstallation(t, ['application']);
  await query(`GRANT SELECT ON sessions TO ${account.name}`);
  const { code } = await runCli(['doctor', '--as', 'application', '--url', account.url]);
  t.is(code, 3);
});

test.serial('doctor --as takes several roles.', async (t) => {
  const { account } = await createInstallation(t, ['application', 'operator']);
  const { code } = await runCli(['doctor', '--url', account.url, '--as', 'application', 'operator']);
  t.is(code, 0);
});

test.serial('doctor of an account that is no DBA tells about --as.', async (t) => {
  const { account } = await createInstallation(t, ['application']);
  const { code, stderr } = await runCli(['doctor', '--url', account.url]);
  t.is(code, 1);
  t.regex(stderr, /--as application/);
});

test.serial('doctor --as a role that does not exist is wrong usage.', async (t) => {
  const { code, stderr } = await runCli(['doctor', '--as', 'owner', '--url', 'mysql://dba@127.0.0.1:1/shop']);
  t.is(code, 2);
  t.regex(stderr, /application, cleaner, operator/);
});

test.serial('doctor --json is what the library tells.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query('DROP PROCEDURE sess_get');
  const { code, stdout } = await runCli(['doctor', '--json', '--url', url]);
  t.is(code, 3);
  t.deepEqual(JSON.parse(stdout), JSON.parse(JSON.stringify(await doctor({ connection: url }))));
});

test.serial('migrate --definer current lets the routines run as the installer.', async (t) => {
  const { url, query } = await createDatabase(t);
  t.is((await runCli(['migrate', '--definer', 'current', '--url', url])).code, 0);
  const rows = await query(
    `SELECT DISTINCT definer = CURRENT_USER() FROM information_schema.routines WHERE routine_schema = DATABASE()`,
  );
  t.deepEqual(
    rows.map(([same]) => Number(same)),
    [1],
  );
});

test.serial('plan --definer current names no definer.', async (t) => {
  const { code, stdout } = await runCli(['plan', '--database', 'shop', '--definer', 'current']);
  t.is(code, 0);
  t.notRegex(stdout, /localhost/);
});

test.serial('Another definer than current is wrong usage.', async (t) => {
  const { code, stderr } = await runCli(['plan', '--database', 'shop', '--definer', 'root']);
  t.is(code, 2);
  t.regex(stderr, /Allowed choices are current/);
});
