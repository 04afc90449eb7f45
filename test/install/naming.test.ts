import test from 'ava';
import { install, rollback, status } from '../../src/install';
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
  await rollback({ connection: url }, 0);
  t.deepEqual(await install(other), []);
  t.is((await query('CALL sess_2_version()')).length, 1);
});

test('Two installations in one database are both up to date.', async (t) => {
  const { url } = await createDatabase(t);
  const admin = { connection: url, table: 'admin_sessions', prefix: 'sess_admin_' };
  await install({ connection: url });
  await install(admin);
  t.true((await status({ connection: url })).upToDate);
  t.true((await status(admin)).upToDate);
});

test('A rollback of one installation keeps the other one in the same database.', async (t) => {
  const { url, query } = await createDatabase(t);
  const admin = { connection: url, table: 'admin_sessions', prefix: 'sess_admin_' };
  await install({ connection: url });
  await install(admin);
  await rollback({ connection: url }, 0);
  t.true((await status(admin)).upToDate);
  await query("CALL sess_admin_set('a', '{}', 60000)");
  t.is((await query("CALL sess_admin_get('a')")).length, 1);
});

test('An install over a table with another session id column needs its name.', async (t) => {
  const { url } = await createDatabase(t);
  await install({ connection: url, sidColumn: 'id' });
  await t.throwsAsync(install({ connection: url }), { message: /no column sid.*--sid-column/ });
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
