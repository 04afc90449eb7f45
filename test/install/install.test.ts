import test from 'ava';
import { Database } from '../../src/database';
import { ArgumentError, DatabaseError, InstallationError } from '../../src/errors';
import { grant, install, status } from '../../src/install';
import { createDatabase } from '../database';
import { catalogueOf, grantsOf, routinesOf } from './catalogue';

const routines = [
  'sess_all',
  'sess_clear',
  'sess_destroy',
  'sess_gc',
  'sess_get',
  'sess_get_many',
  'sess_ids',
  'sess_length',
  'sess_merge',
  'sess_set',
  'sess_stats',
  'sess_touch',
  'sess_touch_many',
  'sess_update',
  'sess_version',
];

test('The first installation takes every step, and says each as it is done.', async (t) => {
  const { url } = await createDatabase(t);
  const said: string[] = [];
  const steps = await install(
    { connection: url },
    { onStep: (name, done, total) => said.push(`${done} of ${total}: ${name}`) },
  );
  t.deepEqual(steps, [
    'migrations/0001_create_sessions',
    'grants/definer',
    ...routines.map((name) => `routines/${name}`),
  ]);
  t.deepEqual(
    said,
    steps.map((name, index) => `${index + 1} of ${steps.length}: ${name}`),
  );
});

test('A second installation finds nothing to do.', async (t) => {
  const { url } = await createDatabase(t);
  await install({ connection: url });
  t.deepEqual(await install({ connection: url }), []);
});

test('Of twenty installers at once all succeed, and one works.', async (t) => {
  const { url } = await createDatabase(t);
  const results = await Promise.all(Array.from({ length: 20 }, () => install({ connection: url })));
  t.is(results.filter((steps) => steps.length > 0).length, 1);
});

test('Every routine runs with the rights of the definer, which only this installation has.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const found = await database.query(
    `SELECT routine_name, security_type, definer FROM information_schema.routines
     WHERE routine_schema = DATABASE() ORDER BY routine_name`,
  );
  t.deepEqual(
    found,
    routines.map((name) => [name, 'DEFINER', `${database.name}.sess_@localhost`]),
  );
});

test('The definer is locked.', async (t) => {
  const { name, url, query } = await createDatabase(t);
  await install({ connection: url });
  const [row] = await query(`SHOW CREATE USER \`${name}.sess_\`@localhost`);
  t.regex(String(row?.[0]), /\bACCOUNT LOCK\b/);
});

test('Nobody can log in as the definer without a password.', async (t) => {
  const { name, url } = await createDatabase(t);
  await install({ connection: url });
  const login = Object.assign(new URL(url), { username: `${name}.sess_`, password: '' });
  const database = Database.open(login.href);
  t.teardown(() => database.close());
  await t.throwsAsync(database.query('SELECT 1'), { instanceOf: DatabaseError, message: /denied|locked/i });
});

test("No two definers have the same password, so none is in the package's text.", async (t) => {
  const one = await createDatabase(t);
  const other = await createDatabase(t);
  const passwords = await Promise.all(
    [one, other].map(async ({ name, url, query }) => {
      await install({ connection: url });
      const [row] = await query('SELECT authentication_string FROM mysql.user WHERE user = ?', [
        `${name}.sess_`,
      ]);
      return String(row?.[0]);
    }),
  );
  t.is(new Set(passwords).size, 2);
  t.false(passwords.includes(''));
});

test('The definer may use the table and its routines, and nothing else.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const definer = `\`${database.name}.sess_\`@\`localhost\``;
  t.deepEqual(await grantsOf(database), {
    [`'${database.name}.sess_'@'localhost'`]: [
      ...routines
        .map((name) => `GRANT EXECUTE ON PROCEDURE \`${database.name}\`.\`${name}\` TO ${definer}`)
        .sort(),
      `GRANT SELECT, INSERT, UPDATE, DELETE ON \`${database.name}\`.\`sessions\` TO ${definer}`,
    ],
  });
});

test('The table has exactly the columns and indexes that it should have.', async (t) => {
  const { url, query } = await createDatabase(t);
  await install({ connection: url });
  const columns = await query(
    `SELECT column_name, column_type, collation_name, is_nullable FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = 'sessions' AND column_name <> 'sess' ORDER BY ordinal_position`,
  );
  t.deepEqual(columns, [
    ['sid', 'varchar(255)', 'ascii_bin', 'NO'],
    ['expired', 'datetime(3)', null, 'NO'],
    ['created_at', 'datetime(3)', null, 'NO'],
    ['updated_at', 'datetime(3)', null, 'NO'],
  ]);
  const indexes = await query(
    `SELECT index_name, column_name, non_unique FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = 'sessions' ORDER BY index_name`,
  );
  t.deepEqual(
    indexes.map(([index, column, repeats]) => [index, column, Number(repeats)]),
    [
      ['PRIMARY', 'sid', 0],
      ['sessions_expired_idx', 'expired', 1],
    ],
  );
});

test('The table takes nothing but JSON for the data of a session.', async (t) => {
  const { url, query } = await createDatabase(t);
  await install({ connection: url });
  const insert = (sess: string) =>
    query('INSERT INTO sessions VALUES (?, ?, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))', [
      'a',
      sess,
    ]);
  await t.throwsAsync(insert('{'), { instanceOf: DatabaseError });
  await t.notThrowsAsync(insert('{}'));
});

test('A dropped routine is put back, and its callers can call it as before.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const account = await database.createAccount();
  await grant({ connection: database.url }, account.name);
  const before = await catalogueOf(database);
  await database.query('DROP PROCEDURE sess_get');
  t.deepEqual(await install({ connection: database.url }), ['routines/sess_get']);
  t.deepEqual(await catalogueOf(database), before);
});

test('A routine that was installed with another text is put in place, with its grants.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const account = await database.createAccount();
  await grant({ connection: database.url }, account.name);
  const before = await catalogueOf(database);
  await database.query(
    "UPDATE sessions_migrations SET checksum = REPEAT('0', 64) WHERE name = 'routines/sess_set'",
  );
  t.deepEqual(await install({ connection: database.url }), ['routines/sess_set']);
  t.deepEqual(await catalogueOf(database), before);
});

test('A dropped definer is put back, with its rights.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const before = await catalogueOf(database);
  await database.query(`DROP USER \`${database.name}.sess_\`@localhost`);
  await install({ connection: database.url });
  t.deepEqual(await catalogueOf(database), before);
});

test('An installer that may not make routines fails by name, and another one takes over from there.', async (t) => {
  const database = await createDatabase(t);
  const { name: account, url } = await database.createAccount();
  await database.query(`GRANT ALL ON \`${database.name}\`.* TO ${account} WITH GRANT OPTION`);
  await database.query(`GRANT CREATE USER ON *.* TO ${account}`);
  await database.query(`REVOKE CREATE ROUTINE ON \`${database.name}\`.* FROM ${account}`);

  const error = await t.throwsAsync(install({ connection: url }), { instanceOf: DatabaseError });
  t.regex(String(error?.message), /^routines\/sess_all: /);
  t.deepEqual(
    await install({ connection: database.url }),
    routines.map((name) => `routines/${name}`),
  );
});

test('Nothing is installed over a table that is not one of ours, and nothing is changed.', async (t) => {
  const database = await createDatabase(t);
  await database.query('CREATE TABLE sessions (id INT, expired DATETIME)');
  const before = await catalogueOf(database);
  await t.throwsAsync(install({ connection: database.url }), {
    instanceOf: InstallationError,
    message: /`sessions` of .* no column sid, sess, created_at, updated_at.*--table/,
  });
  t.deepEqual(await catalogueOf(database), before);
});

test('Nothing is installed over routines that are not ours, and nothing is changed.', async (t) => {
  const database = await createDatabase(t);
  await database.query('CREATE PROCEDURE sess_get() SELECT 1');
  const before = await catalogueOf(database);
  await t.throwsAsync(install({ connection: database.url }), {
    instanceOf: InstallationError,
    message: /sess_get.*--prefix/,
  });
  t.deepEqual(await catalogueOf(database), before);
});

test('Nothing is upgraded where a migration was applied with another text, and nothing is changed.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  await database.query(
    "UPDATE sessions_migrations SET checksum = REPEAT('0', 64) WHERE name LIKE 'migrations/%'",
  );
  await database.query('DROP PROCEDURE sess_get');
  const before = await catalogueOf(database);
  await t.throwsAsync(install({ connection: database.url }), {
    instanceOf: InstallationError,
    message: /^migrations\/0001_create_sessions is not the text that was applied/,
  });
  t.deepEqual(await catalogueOf(database), before);
});

test('Options that are no options are named in the error.', async (t) => {
  const { url } = await createDatabase(t);
  await t.throwsAsync(install({ connection: url, table: 'a b' }), {
    instanceOf: ArgumentError,
    message:
      'Expected `table` to be a name of at most 52 letters, digits, _ and $, not starting with a digit, got "a b"',
  });
});

test('A connection without a database is refused.', async (t) => {
  const { url } = await createDatabase(t);
  const connection = Object.assign(new URL(url), { pathname: '/' }).href;
  await t.throwsAsync(install({ connection }), {
    instanceOf: InstallationError,
    message: /names no database/,
  });
});

test('A status tells what is applied, changed and pending.', async (t) => {
  const { url, query } = await createDatabase(t);
  await install({ connection: url });
  await query('DROP PROCEDURE sess_get');
  await query("DELETE FROM sessions_migrations WHERE name = 'routines/sess_gc'");
  const { upToDate, steps } = await status({ connection: url });
  t.false(upToDate);
  t.deepEqual(
    steps.filter(({ state }) => state !== 'applied').map(({ name, state }) => [name, state]),
    [
      ['routines/sess_gc', 'pending'],
      ['routines/sess_get', 'changed'],
    ],
  );
});

test('A status looks, and leaves nothing behind.', async (t) => {
  const database = await createDatabase(t);
  await status({ connection: database.url });
  t.deepEqual(await catalogueOf(database), { tables: [], routines: [], grants: {}, log: [] });
});

test('A status gives the time of a step in UTC.', async (t) => {
  const { url, query } = await createDatabase(t);
  await install({ connection: url });
  await query("UPDATE sessions_migrations SET applied_at = '2025-03-04 05:06:07.089'");
  const { steps } = await status({ connection: url });
  t.is(steps[0]?.appliedAt?.toISOString(), '2025-03-04T05:06:07.089Z');
});

test('An account that may not look is told so, and not that nothing is installed.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const account = await database.createAccount();
  await grant({ connection: database.url }, account.name);
  const denied = 1142;
  const error = await t.throwsAsync(status({ connection: account.url }), { instanceOf: DatabaseError });
  t.is(error?.errno, denied);
});

test('An installation in a database of another character set works alike.', async (t) => {
  const database = await createDatabase(t);
  await database.query(`ALTER DATABASE ${database.name} CHARACTER SET latin1 COLLATE latin1_swedish_ci`);
  await install({ connection: database.url });
  await database.query('CALL sess_set(?, ?, 60000)', ['a', '{"a":"ü🙂"}']);
  const [row] = await database.query('CALL sess_get(?)', ['a']);
  t.deepEqual(JSON.parse(String(row?.[0])), { a: 'ü🙂' });
  t.deepEqual(await routinesOf(database), routines);
});
