import test from 'ava';
import { doctor } from '../../../src/install';
import { createInstallation } from '../../install/installation';
import { runCli } from '../run-cli';

test.serial('doctor has no findings in a new installation, with exit code 0.', async (t) => {
  const { name, url } = await createInstallation(t, ['application']);
  const { code, stdout, stderr } = await runCli(['doctor'], { MYSQL_URL: url });
  t.is(code, 0);
  t.is(stderr, '');
  t.regex(stdout, new RegExp(`^${name}\\.sessions, as '`));
  t.regex(stdout, /^routines\n {2}✔ routine sess_add: /m);
  t.regex(stdout, /^No findings\.$/m);
});

test.serial('doctor prints a finding with its remedy, with exit code 3.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query('ALTER TABLE sessions DROP INDEX sessions_expired_idx');
  const { checks } = await doctor({ connection: url });
  const finding = checks.find(({ state }) => state === 'finding');
  t.is(finding?.subject, 'index sessions_expired_idx');
  const { code, stdout } = await runCli(['doctor', '--url', url]);
  t.is(code, 3);
  t.true(
    stdout.includes(
      [
        `  ✘ index sessions_expired_idx: ${finding?.found}`,
        `      expected: ${finding?.expected}`,
        '      remedy: knex-mysql-session migrate\n',
      ].join('\n'),
    ),
  );
  t.regex(stdout, /^1 finding\.$/m);
});

test.serial('doctor reports checks that could not run, with exit code 1.', async (t) => {
  const { name, url, query, account } = await createInstallation(t, []);
  await query(`GRANT SELECT ON ${name}.* TO ${account.name}`);
  const { code, stdout } = await runCli(['doctor', '--url', account.url]);
  t.is(code, 1);
  t.regex(stdout, /^ {2}\? /m);
  t.regex(stdout, /checks? could not run\.$/m);
  t.is((await runCli(['doctor', '--url', url])).code, 3);
  const trusting = await runCli(['doctor', '--url', url, '--trust', account.name]);
  t.is(trusting.code, 0);
  t.regex(trusting.stdout, /^ {2}• account .*: SELECT ON /m);
});

test.serial('doctor without a server has exit code 1.', async (t) => {
  const { code, stdout } = await runCli(['doctor', '--url', 'mysql://dba@127.0.0.1:1/shop']);
  t.is(code, 1);
  t.is(stdout, '');
});

test.serial('doctor --as has no findings in an account with exactly the role.', async (t) => {
  const { account } = await createInstallation(t, ['application']);
  const { code, stdout } = await runCli(['doctor', '--as', 'application', '--url', account.url]);
  t.is(code, 0);
  t.regex(stdout, /^ {2}✔ SELECT 1 FROM `sessions` LIMIT 0: .*1142$/m);
});

test.serial('doctor --as of an account with a grant too many has exit code 3.', async (t) => {
  const { query, account } = await createInstallation(t, ['application']);
  await query(`GRANT SELECT ON sessions TO ${account.name}`);
  const { code } = await runCli(['doctor', '--as', 'application', '--url', account.url]);
  t.is(code, 3);
});

test.serial('doctor --as accepts several roles.', async (t) => {
  const { account } = await createInstallation(t, ['application', 'operator']);
  const args = ['doctor', '--url', account.url, '--as', 'application', 'operator'];
  t.is((await runCli(args)).code, 0);
});

test.serial('doctor as the account of an application suggests --as.', async (t) => {
  const { account } = await createInstallation(t, ['application']);
  const { code, stderr } = await runCli(['doctor', '--url', account.url]);
  t.is(code, 1);
  t.regex(stderr, /--as application/);
});

test.serial('doctor --as an unknown role is wrong usage.', async (t) => {
  const url = 'mysql://dba@127.0.0.1:1/shop';
  const { code, stderr } = await runCli(['doctor', '--as', 'owner', '--url', url]);
  t.is(code, 2);
  t.regex(stderr, /application, cleaner, operator/);
});

test.serial('doctor --json prints the diagnosis of the library.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query('DROP PROCEDURE sess_get');
  const { code, stdout } = await runCli(['doctor', '--json', '--url', url]);
  t.is(code, 3);
  t.deepEqual(JSON.parse(stdout), JSON.parse(JSON.stringify(await doctor({ connection: url }))));
});

test.serial('doctor --quiet prints findings alone.', async (t) => {
  const { url, query } = await createInstallation(t);
  t.like(await runCli(['doctor', '--quiet'], { MYSQL_URL: url }), {
    code: 0,
    stdout: '',
    stderr: '',
  });
  const json = await runCli(['doctor', '--quiet', '--json'], { MYSQL_URL: url });
  t.like(JSON.parse(json.stdout), { findings: 0, checks: [] });
  await query('ALTER TABLE sessions DROP INDEX sessions_expired_idx');
  const { code, stdout } = await runCli(['doctor', '-q'], { MYSQL_URL: url });
  t.is(code, 3);
  t.regex(stdout, /✘ index sessions_expired_idx: missing/);
  t.notRegex(stdout, /✔/);
});

test.serial('doctor prints both fixes where two are possible.', async (t) => {
  const { url, query, account } = await createInstallation(t, ['application']);
  await query(`REVOKE EXECUTE ON PROCEDURE sess_get FROM ${account.name}`);
  const { stdout } = await runCli(['doctor', '--url', url]);
  t.true(
    stdout.includes(
      `      remedy: knex-mysql-session grant ${account.name} --role application\n` +
        `      or:     knex-mysql-session revoke ${account.name} --role application\n`,
    ),
  );
});
