import test from 'ava';
import { attributeActions } from '../../../src/contract';
import { ArgumentError, InstallationError } from '../../../src/errors';
import {
  addAttribute,
  dropAttribute,
  grant,
  install,
  plan,
  planAttribute,
  planAttributeRemoval,
  rollback,
  status,
} from '../../../src/install';
import { splitScript } from '../../support/client';
import { createDatabase, openDatabase } from '../../support/database';
import { readCatalog, routinesOf, tablesOf } from '../catalog';
import { createInstallation } from '../installation';
import { createAttributed, found, save, userId } from './attributed';

const steps = [
  'installations/sessions',
  'attributes/user_id',
  ...attributeActions.map((action) => `routines/sess_${action}_user_id`),
];

test('An attribute is a generated column with an index and four routines.', async (t) => {
  const { url, query } = await createInstallation(t, []);
  t.deepEqual(await addAttribute({ connection: url }, userId), steps);
  const columns = await query(
    `SELECT column_name, data_type, character_maximum_length, collation_name, extra FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = 'sessions' AND column_name = 'user_id'`,
  );
  t.deepEqual(columns, [['user_id', 'varchar', 64, 'utf8mb4_bin', 'VIRTUAL GENERATED']]);
  const indexed = await query(
    `SELECT index_name, column_name FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND index_name = 'user_id_idx' ORDER BY seq_in_index`,
  );
  t.deepEqual(indexed, [
    ['user_id_idx', 'user_id'],
    ['user_id_idx', 'sid'],
  ]);
});

test('A new attribute finds the sessions that existed before, and changes none.', async (t) => {
  const installation = await createInstallation(t);
  await save(installation, 'a', { user: { id: 'ada' } });
  const before = await installation.query(
    'SELECT sid, sess, expired, created_at, updated_at FROM sessions',
  );
  await addAttribute({ connection: installation.url }, userId);
  t.deepEqual(await found(installation, 'user_id', 'ada'), ['a']);
  const after = await installation.query(
    'SELECT sid, sess, expired, created_at, updated_at FROM sessions',
  );
  t.deepEqual(after, before);
});

test('Adding an attribute that exists runs no step.', async (t) => {
  const { url } = await createAttributed(t);
  t.deepEqual(await addAttribute({ connection: url }, { ...userId, type: 'varchar( 64 )' }), []);
});

test('Ten installers that add an attribute at once all succeed, and one of them works.', async (t) => {
  const { url } = await createInstallation(t, []);
  const results = await Promise.all(
    Array.from({ length: 10 }, () => addAttribute({ connection: url }, userId)),
  );
  t.is(results.filter((taken) => taken.length > 0).length, 1);
});

for (const change of [{ path: '$.user.name' }, { type: 'VARCHAR(65)' }]) {
  test(`An existing attribute can't get another ${Object.keys(change)}.`, async (t) => {
    const { url } = await createAttributed(t);
    await t.throwsAsync(addAttribute({ connection: url }, { ...userId, ...change }), {
      instanceOf: InstallationError,
      message: /attribute user_id VARCHAR\(64\) at \$\.user\.id.+attribute drop user_id/,
    });
  });
}

test('A column of a DBA never becomes an attribute.', async (t) => {
  const { url, query } = await createInstallation(t, []);
  await query('ALTER TABLE sessions ADD COLUMN user_id INT');
  await t.throwsAsync(addAttribute({ connection: url }, userId), {
    instanceOf: InstallationError,
    message: /has a column `user_id` that belongs to no attribute/,
  });
  t.deepEqual((await status({ connection: url })).attributes, []);
});

test('Adding an attribute never replaces a procedure of a DBA.', async (t) => {
  const database = await createInstallation(t, []);
  await database.query('CREATE PROCEDURE sess_find_user_id() SELECT 1');
  await t.throwsAsync(addAttribute({ connection: database.url }, userId), {
    instanceOf: InstallationError,
    message: /sess_find_user_id/,
  });
});

test('Without an installation, adding an attribute fails and names the remedy.', async (t) => {
  const database = await createDatabase(t);
  await t.throwsAsync(addAttribute({ connection: database.url }, userId), {
    instanceOf: InstallationError,
    message: /knex-mysql-session migrate/,
  });
  t.deepEqual(await tablesOf(database), []);
});

test('A bad name, path or type changes nothing.', async (t) => {
  const database = await createInstallation(t, []);
  const before = await readCatalog(database);
  for (const bad of [{ name: 'sess' }, { path: "$.a'" }, { type: 'BLOB' }]) {
    await t.throwsAsync(addAttribute({ connection: database.url }, { ...userId, ...bad }), {
      instanceOf: ArgumentError,
    });
  }
  t.deepEqual(await readCatalog(database), before);
});

test("The statements of an attribute's plan create what the installer creates.", async (t) => {
  const database = await createAttributed(t);
  const expected = await readCatalog(database);
  await dropAttribute({ connection: database.url }, 'user_id');
  const script = await planAttribute({ connection: database.url }, userId);
  await openDatabase(t, database.url).withConnection(async (connection) => {
    for (const statement of splitScript(script)) {
      await connection.query(statement);
    }
  });
  t.deepEqual(await readCatalog(database), expected);
  t.is(await plan({ connection: database.url }), '');
});

test('Planning to add or drop an attribute changes nothing.', async (t) => {
  const database = await createAttributed(t);
  const before = await readCatalog(database);
  await planAttribute(
    { connection: database.url },
    { name: 'tenant', path: '$.tenant', type: 'INT' },
  );
  t.regex(
    await planAttributeRemoval({ connection: database.url }, 'user_id'),
    /DROP COLUMN `user_id`/,
  );
  t.deepEqual(await readCatalog(database), before);
});

test('The status lists attributes and their steps.', async (t) => {
  const { url } = await createAttributed(t);
  const found = await status({ connection: url });
  t.deepEqual(found.attributes, [userId]);
  t.true(found.upToDate);
  t.deepEqual(
    found.steps
      .filter(({ name }) => name.includes('user_id'))
      .map(({ name, state }) => [name, state]),
    steps.slice(1).map((name) => [name, 'applied']),
  );
});

test('A second install keeps the attributes.', async (t) => {
  const { url } = await createAttributed(t);
  t.deepEqual(await install({ connection: url }), []);
  t.is(await plan({ connection: url }), '');
});

for (const lost of [
  'ALTER TABLE sessions DROP INDEX user_id_idx',
  'ALTER TABLE sessions DROP COLUMN user_id',
  'DROP PROCEDURE sess_find_user_id',
  "UPDATE sessions_migrations SET checksum = '' WHERE kind = 'attribute'",
  "UPDATE sessions_migrations SET checksum = REPEAT('0', 64) WHERE kind = 'attribute'",
]) {
  test(`After ${lost}, an install repairs the attribute.`, async (t) => {
    const installation = await createAttributed(t);
    const whole = await readCatalog(installation);
    await save(installation, 'a', { user: { id: 'ada' } });
    await installation.query(lost);
    t.false((await status({ connection: installation.url })).upToDate);
    t.true((await install({ connection: installation.url })).length > 0);
    t.deepEqual(await readCatalog(installation), whole);
    t.deepEqual(await found(installation, 'user_id', 'ada'), ['a']);
  });
}

test('Dropping an attribute leaves nothing of it, and changes no session.', async (t) => {
  const installation = await createInstallation(t);
  const before = await readCatalog(installation);
  await save(installation, 'a', { user: { id: 'ada' } });
  await addAttribute({ connection: installation.url }, userId);
  await grant({ connection: installation.url }, installation.account.name, 'find_user_id');
  t.deepEqual(await dropAttribute({ connection: installation.url }, 'user_id'), [
    'attributes/user_id/removed',
  ]);
  t.deepEqual(await readCatalog(installation), before);
  const rows = await installation.query('SELECT sid, sess FROM sessions');
  t.deepEqual(rows.map(([sid, sess]) => [sid, JSON.parse(JSON.stringify(sess))]).length, 1);
});

for (const action of attributeActions) {
  const routine = `sess_${action}_user_id`;
  test(`Dropping an attribute refuses to drop a foreign ${routine}, and names it.`, async (t) => {
    const installation = await createAttributed(t);
    const { url, query } = installation;
    await query(`DROP PROCEDURE ${routine}`);
    // The marker is missing, or names another table.
    for (const comment of ['', 'knex-mysql-session:sessions2', 'knex-mysql-session:sessions\n']) {
      await query(`CREATE PROCEDURE ${routine}() COMMENT '${comment}' SELECT 1`);
      const before = await readCatalog(installation);
      for (const drop of [dropAttribute, planAttributeRemoval]) {
        await t.throwsAsync(drop({ connection: url }, 'user_id'), {
          instanceOf: InstallationError,
          message: new RegExp(`exist: ${routine}\\..+ DROP PROCEDURE \`${routine}\`;`),
        });
      }
      t.deepEqual(await readCatalog(installation), before);
      await query(`DROP PROCEDURE ${routine}`);
    }
    await t.notThrowsAsync(dropAttribute({ connection: url }, 'user_id'));
  });
}

test('A dropped attribute can return with another path, while another attribute stays.', async (t) => {
  const installation = await createAttributed(t, [
    userId,
    { name: 'tenant', path: '$.tenant', type: 'BIGINT UNSIGNED' },
  ]);
  await save(installation, 'a', { user: { id: 'ada', name: 'Ada' }, tenant: 7 });
  await dropAttribute({ connection: installation.url }, 'user_id');
  t.deepEqual(await found(installation, 'tenant', '7'), ['a']);
  await addAttribute(
    { connection: installation.url },
    { ...userId, path: '$.user.name', type: 'VARCHAR(9)' },
  );
  t.deepEqual(await found(installation, 'user_id', 'Ada'), ['a']);
  t.deepEqual(await found(installation, 'tenant', '7'), ['a']);
});

test('Dropping an unknown attribute fails, and the error lists the existing ones.', async (t) => {
  const { url } = await createAttributed(t);
  await t.throwsAsync(dropAttribute({ connection: url }, 'user_name'), {
    instanceOf: InstallationError,
    message: /no attribute user_name \(attributes: user_id\)/,
  });
});

test('A rollback to 0 removes the attributes.', async (t) => {
  const database = await createAttributed(t);
  await rollback({ connection: database.url }, 0);
  const { tables, routines, log } = await readCatalog(database);
  t.deepEqual([tables, routines, log], [[], [], []]);
});

test('An installation with other names can have attributes.', async (t) => {
  const naming = { table: 'attribute', prefix: 'host_', sidColumn: 'position' };
  const database = await createInstallation(t, ['application', 'operator'], naming);
  const options = { connection: database.url, ...naming };
  await addAttribute(options, { name: 'account', path: '$.account', type: 'VARCHAR(64)' });
  await database.ask('CALL host_set(\'a\', \'{"account": "x"}\', 60000)');
  const rows = await database.ask("CALL host_find_account('x', '', 10)");
  t.deepEqual(
    rows.map(([sid]) => String(sid)),
    ['a'],
  );
  t.deepEqual(await database.ask("CALL host_destroy_account('x', NULL, 10)"), [[1, 0]]);
  await dropAttribute(options, 'account');
  t.false((await routinesOf(database)).includes('host_find_account'));
});

test('Attributes may have names that the routines use, too.', async (t) => {
  const names = [
    'position',
    'id',
    'ttl_ms',
    'age_ms',
    'found',
    'deleted',
    'sessions',
    'order',
    'asked',
    'list',
    'live',
    'attribute',
  ];
  const installation = await createAttributed(
    t,
    names.map((name) => ({ name, path: `$.${name}`, type: 'VARCHAR(20)' })),
  );
  const { ask } = installation;
  const session = Object.fromEntries(names.map((name) => [name, `of ${name}`]));
  await save(installation, 'a', session);
  await save(installation, 'b', {});
  for (const name of names) {
    t.deepEqual(await found(installation, name, `of ${name}`), ['a'], name);
  }
  t.is((await ask('CALL sess_get_many(\'["a", "b", "c"]\')')).length, 2);
  t.deepEqual(await ask('CALL sess_touch_many(\'[["a", 60000], ["c", 60000]]\')'), [['[1]']]);
  t.deepEqual(await ask('CALL sess_merge(\'b\', \'["x", 1, "id", "z"]\', \'["y"]\', NULL)'), [[1]]);
  t.deepEqual(await found(installation, 'id', 'z'), ['b']);
  t.is((await ask("CALL sess_all('', 10)")).length, 2);
  t.is((await ask("CALL sess_ids('', 10)")).length, 2);
  t.deepEqual(await ask('CALL sess_length()'), [[2, 0]]);
  t.deepEqual(await ask("CALL sess_destroy_id('z', NULL, 10)"), [[1, 0]]);
  await installation.query("UPDATE sessions SET expired = UTC_TIMESTAMP(3) WHERE sid = 'a'");
  t.deepEqual(await ask('CALL sess_gc(10)'), [[1, null]]);
});
