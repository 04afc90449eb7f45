import test from 'ava';
import { routineNames } from '../../src/contract';
import { Database } from '../../src/database/database';
import { ArgumentError, DatabaseError, InstallationError } from '../../src/errors';
import { grant, install, status } from '../../src/install';
import { createDatabase } from '../support/database';
import { grantsOf, readCatalog, routinesOf } from './catalog';

const routines = routineNames.toSorted();

test('The first install runs every step, and reports each one.', async (t) => {
  const { url } = await createDatabase(t);
  const reported: string[] = [];
  const steps = await install(
    { connection: url },
    { onStep: (name, done, total) => reported.push(`${done} of ${total}: ${name}`) },
  );
  t.deepEqual(steps, [
    'installations/sessions',
    'migrations/0001_create_sessions',
    'definer/account',
    ...routines.map((name) => `routines/${name}`),
  ]);
  t.deepEqual(
    reported,
    steps.map((name, index) => `${index + 1} of ${steps.length}: ${name}`),
  );
});

test('A second install runs no step.', async (t) => {
  const { url } = await createDatabase(t);
  await install({ connection: url });
  t.deepEqual(await install({ connection: url }), []);
});

test('Twenty installers at once all succeed, and one of them works.', async (t) => {
  const { url } = await createDatabase(t);
  const results = await Promise.all(Array.from({ length: 20 }, () => install({ connection: url })));
  t.is(results.filter((steps) => steps.length > 0).length, 1);
});

test('Every routine runs as the definer of this installation.', async (t) => {
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

for (const state of ['LOCK', 'UNLOCK']) {
  test(`No client can log in as the definer without a password, with ACCOUNT ${state}.`, async (t) => {
    const { name, url, query } = await createDatabase(t);
    await install({ connection: url });
    const definer = `${name}.sess_`;
    await query(`ALTER USER \`${definer}\`@localhost ACCOUNT ${state}`);
    await query(`RENAME USER \`${definer}\`@localhost TO \`${definer}\`@'%'`);
    t.teardown(() => query(`DROP USER \`${definer}\`@'%'`));
    const login = Object.assign(new URL(url), { username: definer, password: '' });
    const database = Database.open(login.href);
    t.teardown(() => database.close());
    await t.throwsAsync(database.query('SELECT 1'), {
      instanceOf: DatabaseError,
      message: state === 'LOCK' ? /denied|locked/i : /denied/i,
    });
  });
}

test('The server keeps no hash of a password of the definer.', async (t) => {
  const { name, url, query } = await createDatabase(t);
  await install({ connection: url });
  const [row] = await query(`SHOW CREATE USER \`${name}.sess_\`@localhost`);
  const credential = /IDENTIFIED .*?(?= REQUIRE| ACCOUNT)/.exec(String(row?.[0]))?.[0];
  t.regex(
    String(credential),
    /^IDENTIFIED (?:VIA unix_socket|WITH .* AS '.*INVALIDSALTANDPASSWORD.*')$/,
  );
});

test('The definer may use the table and the routines, and nothing else.', async (t) => {
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

test('The table has exactly the expected columns and indexes.', async (t) => {
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

test('The table accepts only JSON for the data of a session.', async (t) => {
  const { url, query } = await createDatabase(t);
  await install({ connection: url });
  const insert = (sess: string) =>
    query(
      'INSERT INTO sessions VALUES (?, ?, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))',
      ['a', sess],
    );
  await t.throwsAsync(insert('{'), { instanceOf: DatabaseError });
  await t.notThrowsAsync(insert('{}'));
});

test('A dropped routine returns with its grants.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const account = await database.createAccount();
  await grant({ connection: database.url }, account.name);
  const before = await readCatalog(database);
  await database.query('DROP PROCEDURE sess_get');
  t.deepEqual(await install({ connection: database.url }), ['routines/sess_get']);
  t.deepEqual(await readCatalog(database), before);
});

test('A changed routine is replaced, and keeps its grants.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const account = await database.createAccount();
  await grant({ connection: database.url }, account.name);
  const before = await readCatalog(database);
  await database.query('ALTER PROCEDURE sess_set SQL SECURITY INVOKER');
  t.deepEqual(await install({ connection: database.url }), ['routines/sess_set']);
  t.deepEqual(await readCatalog(database), before);
});

test('A dropped definer returns with its privileges.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const before = await readCatalog(database);
  await database.query(`DROP USER \`${database.name}.sess_\`@localhost`);
  await install({ connection: database.url });
  t.deepEqual(await readCatalog(database), before);
});

test('An install without the privilege CREATE ROUTINE makes nothing, and another account can.', async (t) => {
  const database = await createDatabase(t);
  const { name: account, url } = await database.createAccount();
  await database.query(`GRANT ALL ON \`${database.name}\`.* TO ${account} WITH GRANT OPTION`);
  await database.query(`GRANT CREATE USER ON *.* TO ${account}`);
  await database.query(`GRANT SELECT ON mysql.* TO ${account}`);
  await database.query(`REVOKE CREATE ROUTINE ON \`${database.name}\`.* FROM ${account}`);
  const before = await readCatalog(database);
  await t.throwsAsync(install({ connection: url }), {
    instanceOf: InstallationError,
    message: /lacks CREATE ROUTINE ON/,
  });
  t.deepEqual(await readCatalog(database), before);
  t.true((await install({ connection: database.url })).length > 0);
});

test('An install refuses to replace routines of others, and changes nothing.', async (t) => {
  const database = await createDatabase(t);
  await database.query('CREATE PROCEDURE sess_get() SELECT 1');
  const before = await readCatalog(database);
  await t.throwsAsync(install({ connection: database.url }), {
    instanceOf: InstallationError,
    message: /sess_get.*--prefix/,
  });
  t.deepEqual(await readCatalog(database), before);
});

test('An upgrade refuses a changed migration, and changes nothing.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  await database.query(
    "UPDATE sessions_migrations SET checksum = REPEAT('0', 64) WHERE kind = 'migration'",
  );
  await database.query('DROP PROCEDURE sess_get');
  const before = await readCatalog(database);
  await t.throwsAsync(install({ connection: database.url }), {
    instanceOf: InstallationError,
    message: /^migrations\/0001_create_sessions differs from the SQL that was applied/,
  });
  t.deepEqual(await readCatalog(database), before);
});

test('A bad option is an argument error that names it.', async (t) => {
  const { url } = await createDatabase(t);
  await t.throwsAsync(install({ connection: url, table: 'a b' }), {
    instanceOf: ArgumentError,
    message:
      'Expected `table` to be a name of at most 45 letters, digits, _ and $, not starting with a digit, got "a b"',
  });
});

for (const [name, hint] of [
  ['routinePrefix', 'use `prefix`'],
  ['tabel', 'did you mean `table`?'],
] as const) {
  test(`The error for the unknown option ${name} says: ${hint}`, async (t) => {
    const options = { connection: 'mysql://127.0.0.1:1/none', [name]: 'x_' };
    const { message } = await t.throwsAsync(install(options), { instanceOf: ArgumentError });
    t.true(message.endsWith(`, got \`${name}\`: ${hint}`), message);
  });
}

test('A connection without a database is an error.', async (t) => {
  const { url } = await createDatabase(t);
  const connection = Object.assign(new URL(url), { pathname: '/' }).href;
  await t.throwsAsync(install({ connection }), {
    instanceOf: InstallationError,
    message: /to name a database, got none/,
  });
});

test('The status distinguishes applied, changed and pending steps.', async (t) => {
  const { url, query } = await createDatabase(t);
  await install({ connection: url });
  await query('DROP PROCEDURE sess_get');
  await query("DELETE FROM sessions_migrations WHERE kind = 'routine' AND name = 'sess_gc'");
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

test('The status changes nothing.', async (t) => {
  const database = await createDatabase(t);
  await status({ connection: database.url });
  t.deepEqual(await readCatalog(database), { tables: [], routines: [], grants: {}, log: [] });
});

test('The status shows the time of a step in UTC.', async (t) => {
  const { url, query } = await createDatabase(t);
  await install({ connection: url });
  await query("UPDATE sessions_migrations SET applied_at = '2025-03-04 05:06:07.089'");
  const { steps } = await status({ connection: url });
  t.is(steps[0]?.appliedAt?.toISOString(), '2025-03-04T05:06:07.089Z');
});

test('An account without privileges gets an error, and not an empty status.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const account = await database.createAccount();
  await grant({ connection: database.url }, account.name);
  await t.throwsAsync(status({ connection: account.url }), {
    instanceOf: InstallationError,
    message: /may not read `sessions_migrations`/,
  });
});

test('An installation works in a database with another character set.', async (t) => {
  const database = await createDatabase(t);
  await database.query(
    `ALTER DATABASE ${database.name} CHARACTER SET latin1 COLLATE latin1_swedish_ci`,
  );
  await install({ connection: database.url });
  await database.query('CALL sess_set(?, ?, 60000)', ['a', '{"a":"ü🙂"}']);
  const [row] = await database.query('CALL sess_get(?)', ['a']);
  t.deepEqual(JSON.parse(String(row?.[0])), { a: 'ü🙂' });
  t.deepEqual(await routinesOf(database), routines);
});
