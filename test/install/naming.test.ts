import test from 'ava';
import { InstallationError } from '../../src/errors';
import { doctor, type InstallOptions, install, plan, rollback, status } from '../../src/install';
import { createDatabase } from '../support/database';
import { routinesOf, tablesOf } from './catalog';

test('All objects get the chosen names.', async (t) => {
  const database = await createDatabase(t);
  const { url, query } = database;
  await install({ connection: url, table: 'logins', prefix: 'lg_', sidColumn: 'login' });
  t.deepEqual(await tablesOf(database), ['logins', 'logins_migrations']);
  t.true((await routinesOf(database)).every((name) => name.startsWith('lg_')));
  await query("CALL lg_set('a', '{}', 60000)");
  t.deepEqual(await query('SELECT login FROM logins'), [['a']]);
});

test('Two installations in one database keep their sessions apart.', async (t) => {
  const { url, query } = await createDatabase(t);
  await install({ connection: url });
  await install({ connection: url, table: 'admin_sessions', prefix: 'admin_sess_' });
  await query("CALL sess_set('a', '{}', 60000)");
  t.deepEqual(await query("CALL admin_sess_get('a')"), []);
  t.is((await query("CALL sess_get('a')")).length, 1);
});

test('Two installations keep apart if the name of one table begins with the other.', async (t) => {
  const { url, query } = await createDatabase(t);
  const other = { connection: url, table: 'sessions2', prefix: 'sess_2_' };
  await install({ connection: url });
  await install(other);
  await rollback({ connection: url, table: 'sessions' }, 0);
  t.deepEqual(await install(other), []);
  t.is((await query('CALL sess_2_version()')).length, 1);
});

test('Two installations in one database are both up to date.', async (t) => {
  const { url } = await createDatabase(t);
  const admin = { connection: url, table: 'admin_sessions', prefix: 'sess_admin_' };
  await install({ connection: url });
  await install(admin);
  t.true((await status({ connection: url, table: 'sessions' })).upToDate);
  t.true((await status(admin)).upToDate);
});

test('A rollback of one installation keeps the other one in the same database.', async (t) => {
  const { url, query } = await createDatabase(t);
  const admin = { connection: url, table: 'admin_sessions', prefix: 'sess_admin_' };
  await install({ connection: url });
  await install(admin);
  await rollback({ connection: url, prefix: 'sess_' }, 0);
  t.true((await status(admin)).upToDate);
  await query("CALL sess_admin_set('a', '{}', 60000)");
  t.is((await query("CALL sess_admin_get('a')")).length, 1);
});

const other = { table: 'Logins', prefix: 'Web_', sidColumn: 'id' } as const;

test('A later run finds the only installation of the database, with any names.', async (t) => {
  const { url, query } = await createDatabase(t);
  await install({ connection: url, ...other });
  for (const some of [{}, { table: other.table }, { prefix: 'web_' }, other]) {
    t.deepEqual(await install({ connection: url, ...some }), []);
  }
  t.like(await status({ connection: url }), { table: other.table, prefix: other.prefix });
  t.is((await doctor({ connection: url })).findings, 0);
  await query('DROP PROCEDURE Web_get');
  const { checks } = await doctor({ connection: url });
  t.deepEqual(checks.find(({ state }) => state === 'finding')?.remedy, [
    'knex-mysql-session migrate',
  ]);
});

test('With several installations, the error lists them, and remedies name theirs.', async (t) => {
  const { url, query } = await createDatabase(t);
  await install({ connection: url });
  await install({ connection: url, ...other });
  await t.throwsAsync(install({ connection: url }), {
    instanceOf: InstallationError,
    message: /several installations.*\n {2}--prefix Web_ \(table Logins\)\n {2}--prefix sess_ /,
  });
  await query('DROP PROCEDURE sess_get');
  const { checks } = await doctor({ connection: url, table: 'sessions' });
  t.deepEqual(checks.find(({ state }) => state === 'finding')?.remedy, [
    'knex-mysql-session migrate --prefix sess_',
  ]);
});

for (const [taken, naming, message] of [
  ['table with another prefix', { prefix: 'adm_' }, /^The table `sessions` .* --prefix sess_/],
  ['prefix with another table', { table: 'logins' }, /^The prefix sess_ .* --table sessions/],
  ['table by name', { table: 'sessions', prefix: 'adm_' }, /^The table `sessions` .*not adm_/],
  ['table by another column', { sidColumn: 'id' }, /in the column `sid`, not `id`/],
] as const) {
  test(`A second installation does not take over the first: ${taken}.`, async (t) => {
    const { url } = await createDatabase(t);
    await install({ connection: url });
    await t.throwsAsync(install({ connection: url, ...naming }), {
      instanceOf: InstallationError,
      message,
    });
    t.deepEqual(await install({ connection: url }), []);
  });
}

test('An installation is found without its log.', async (t) => {
  const { url, query } = await createDatabase(t);
  await install({ connection: url, table: 'logins', prefix: 'lg_' });
  await query('DROP TABLE logins_migrations');
  t.true((await install({ connection: url })).length > 0);
  t.like(await status({ connection: url }), { table: 'logins', prefix: 'lg_', upToDate: true });
});

test('An older package refuses what a newer one installed, and names its version.', async (t) => {
  const { url, query } = await createDatabase(t);
  await install({ connection: url });
  await query("UPDATE sessions_migrations SET package_version = '99.1.0' WHERE kind = 'routine'");
  const message = /Version 99\.1\.0 .* npx knex-mysql-session@99\.1\.0$/;
  for (const command of [install, status, plan, (o: InstallOptions) => rollback(o, 0)]) {
    await t.throwsAsync(command({ connection: url }), { instanceOf: InstallationError, message });
  }
  const { checks } = await doctor({ connection: url });
  t.deepEqual(
    checks.map(({ subject, expected, remedy }) => [subject, expected, ...remedy]),
    [['package version', '99.1.0', 'npx knex-mysql-session@99.1.0 doctor']],
  );
});

test('A database name may need quotes.', async (t) => {
  const { name, url, query } = await createDatabase(t);
  const odd = `${name}-a b`;
  await query(`CREATE DATABASE \`${odd}\``);
  t.teardown(() => query(`DROP DATABASE \`${odd}\``));
  const connection = Object.assign(new URL(url), { pathname: `/${encodeURIComponent(odd)}` }).href;
  await install({ connection });
  const { definer, upToDate } = await status({ connection });
  t.true(upToDate);
  await rollback({ connection }, 0);
  t.regex(definer, /^'sess_\.[0-9a-f]{20}'@'localhost'$/);
});
