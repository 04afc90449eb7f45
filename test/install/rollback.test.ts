import test from 'ava';
import { ArgumentError, InstallationError } from '../../src/errors';
import { install, planRollback, rollback, status } from '../../src/install';
import { createDatabase } from '../support/database';
import { readCatalog } from './catalog';
import { createEdition, nextRelease } from './edition';
import { openGate } from './gate';
import { createInstallation, ids, writeSession } from './installation';

test('A rollback to 0 removes table, routines, grants, definer and log.', async (t) => {
  const installation = await createInstallation(t, ['application', 'cleaner', 'operator']);
  await rollback({ connection: installation.url }, 0);
  t.deepEqual(await readCatalog(installation), {
    tables: [],
    routines: [],
    grants: { [installation.account.name]: [] },
    log: [],
  });
});

test('An install after a rollback to 0 creates the same objects.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const before = await readCatalog(database);
  await rollback({ connection: database.url }, 0);
  await install({ connection: database.url });
  t.deepEqual(await readCatalog(database), before);
});

test('A rollback reports each step, the last one first.', async (t) => {
  const { url } = await createDatabase(t);
  const installed = await install({ connection: url });
  const reported: string[] = [];
  const reverted = await rollback({ connection: url }, 0, {
    onStep: (name) => reported.push(name),
  });
  t.deepEqual(reported, reverted);
  t.deepEqual([...reverted].sort(), [...installed].sort());
});

test('A rollback to the last migration reverts nothing.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const before = await readCatalog(database);
  t.deepEqual(await rollback({ connection: database.url }, 1), []);
  t.deepEqual(await readCatalog(database), before);
});

test('Without an installation, a rollback reverts nothing.', async (t) => {
  const { url } = await createDatabase(t);
  t.deepEqual(await rollback({ connection: url }, 0), []);
});

test('A rollback keeps a table of others.', async (t) => {
  const { url, query } = await createDatabase(t);
  await query('CREATE TABLE sessions (id INT)');
  await rollback({ connection: url }, 0);
  t.deepEqual(await query('SELECT * FROM sessions'), []);
});

test('A rollback keeps a procedure of a DBA whose COMMENT mentions the table and the package.', async (t) => {
  const { url, query } = await createDatabase(t);
  await install({ connection: url });
  await query(
    `CREATE PROCEDURE sess_report() COMMENT
       'Counts the sessions in \`sessions\`, as knex-mysql-session:sessions does.' SELECT 1`,
  );
  await rollback({ connection: url }, 0);
  t.deepEqual(await query('CALL sess_report()'), [[1]]);
});

for (const to of [-1, 2, 0.5, Number.NaN]) {
  test(`A rollback to ${to} is an argument error.`, async (t) => {
    const { url } = await createDatabase(t);
    await install({ connection: url });
    await t.throwsAsync(rollback({ connection: url }, to), {
      instanceOf: ArgumentError,
      message: `Expected \`to\` to be a migration's number, 0 to 1, got ${to}`,
    });
  });
}

test('A rollback that stopped halfway can continue.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  await database.query('DROP TABLE sessions');
  await database.query('DROP PROCEDURE sess_get');
  await rollback({ connection: database.url }, 0);
  t.deepEqual(await readCatalog(database), { tables: [], routines: [], grants: {}, log: [] });
});

test('Each rollback reverts one migration, the last one first.', async (t) => {
  const { installer } = await createEdition(t, nextRelease);
  const { url } = await createDatabase(t);
  await installer.install({ connection: url });
  t.deepEqual(await installer.rollback({ connection: url }), ['migrations/0003_create_agents']);
  t.deepEqual(await installer.rollback({ connection: url }), ['migrations/0002_add_agent']);
  t.is((await installer.planRollback({ connection: url })).to, 0);
});

test('After a rollback to an earlier release, its installer restores its objects.', async (t) => {
  const { installer } = await createEdition(t, nextRelease);
  const installation = await createInstallation(t);
  const before = await readCatalog(installation);
  await installer.install({ connection: installation.url });
  await installer.rollback({ connection: installation.url }, 1);
  await install({ connection: installation.url });
  t.deepEqual(await readCatalog(installation), before);
});

test('Each migration creates the same objects after it was reverted.', async (t) => {
  const { installer } = await createEdition(t, nextRelease);
  const database = await createDatabase(t);
  await installer.install({ connection: database.url });
  const before = await readCatalog(database);
  for (const to of [2, 1, 0]) {
    await installer.rollback({ connection: database.url }, to);
    await installer.install({ connection: database.url });
    t.deepEqual(await readCatalog(database), before, `after ${to}`);
  }
});

test('A rollback to 0 reverts the migrations of a later release.', async (t) => {
  const { installer } = await createEdition(t, nextRelease);
  const database = await createDatabase(t);
  await installer.install({ connection: database.url });
  await installer.rollback({ connection: database.url }, 0);
  t.deepEqual(await readCatalog(database), { tables: [], routines: [], grants: {}, log: [] });
});

test('A rollback to another number than 0 keeps the sessions.', async (t) => {
  const { installer } = await createEdition(t, nextRelease);
  const database = await createDatabase(t);
  await installer.install({ connection: database.url });
  await writeSession(database, 'a', 60);
  await installer.rollback({ connection: database.url }, 1);
  t.deepEqual(await ids(database), ['a']);
});

test('An install repeats a migration that a rollback reverted halfway.', async (t) => {
  const { installer } = await createEdition(t, nextRelease);
  const database = await createDatabase(t);
  await installer.install({ connection: database.url });
  const before = await readCatalog(database);
  // The last statement that passes the gate drops the column.
  const gate = await openGate(t, database.url, { after: 7, closing: 'refuse' });
  await t.throwsAsync(installer.rollback({ connection: gate.url }, 1), { message: /read-only/ });
  t.deepEqual(await database.query("SHOW COLUMNS FROM sessions LIKE 'agent'"), []);
  await installer.install({ connection: database.url });
  t.deepEqual(await readCatalog(database), before);
});

test('Only the later release can revert its migrations.', async (t) => {
  const { installer } = await createEdition(t, nextRelease);
  const { url } = await createInstallation(t);
  await installer.install({ connection: url });
  await t.throwsAsync(rollback({ connection: url }, 1), {
    instanceOf: InstallationError,
    message: /0002_add_agent, migrations\/0003_create_agents\. Only that release/,
  });
});

test('Planning a rollback changes nothing.', async (t) => {
  const { installer } = await createEdition(t, nextRelease);
  const database = await createDatabase(t);
  await installer.install({ connection: database.url });
  const before = await readCatalog(database);
  t.deepEqual(await installer.planRollback({ connection: database.url }, 1), {
    to: 1,
    steps: ['migrations/0003_create_agents', 'migrations/0002_add_agent'],
    table: 'sessions',
  });
  t.deepEqual(await readCatalog(database), before);
});

test('A rollback accepts an installation that an install refuses.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query('ALTER TABLE sessions DROP COLUMN sess');
  await t.throwsAsync(status({ connection: url }), { instanceOf: InstallationError });
  t.is((await planRollback({ connection: url })).to, 0);
  await rollback({ connection: url });
  t.deepEqual(await query("SHOW TABLES LIKE 'sessions%'"), []);
});
