import test from 'ava';
import { ArgumentError, InstallationError } from '../../src/errors';
import { install, planRollback, rollback, status } from '../../src/install';
import { createDatabase } from '../database';
import { catalogueOf } from './catalogue';
import { createEdition, nextRelease } from './edition';
import { openGate } from './gate';
import { createInstallation, ids, writeSession } from './installation';

test('Back to 0, nothing is left: no table, routine, grant, definer or log.', async (t) => {
  const installation = await createInstallation(t, ['application', 'cleaner', 'operator']);
  await rollback({ connection: installation.url }, 0);
  t.deepEqual(await catalogueOf(installation), {
    tables: [],
    routines: [],
    grants: { [installation.account.name]: [] },
    log: [],
  });
});

test('An installation that was taken back can be made again, and is the same.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const before = await catalogueOf(database);
  await rollback({ connection: database.url }, 0);
  await install({ connection: database.url });
  t.deepEqual(await catalogueOf(database), before);
});

test('A rollback says each step as it is done, the last one first.', async (t) => {
  const { url } = await createDatabase(t);
  const installed = await install({ connection: url });
  const said: string[] = [];
  const undone = await rollback({ connection: url }, 0, { onStep: (name) => said.push(name) });
  t.deepEqual(said, undone);
  t.deepEqual([...undone].sort(), [...installed].sort());
});

test('Back to the migration that is the last one, nothing is taken back.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const before = await catalogueOf(database);
  t.deepEqual(await rollback({ connection: database.url }, 1), []);
  t.deepEqual(await catalogueOf(database), before);
});

test('Where nothing was installed, nothing is taken back.', async (t) => {
  const { url } = await createDatabase(t);
  t.deepEqual(await rollback({ connection: url }, 0), []);
});

test('A table that is not ours survives a rollback.', async (t) => {
  const { url, query } = await createDatabase(t);
  await query('CREATE TABLE sessions (id INT)');
  await rollback({ connection: url }, 0);
  t.deepEqual(await query('SELECT * FROM sessions'), []);
});

for (const to of [-1, 2, 0.5, Number.NaN]) {
  test(`There is no migration ${to} to go back to.`, async (t) => {
    const { url } = await createDatabase(t);
    await install({ connection: url });
    await t.throwsAsync(rollback({ connection: url }, to), {
      instanceOf: ArgumentError,
      message: `Expected \`to\` to be a migration's number, 0 to 1, got ${to}`,
    });
  });
}

test('A rollback that stopped halfway can be taken to its end.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  await database.query('DROP TABLE sessions');
  await database.query('DROP PROCEDURE sess_get');
  await rollback({ connection: database.url }, 0);
  t.deepEqual(await catalogueOf(database), { tables: [], routines: [], grants: {}, log: [] });
});

test('Step by step, each rollback takes back one migration, the last one first.', async (t) => {
  const { installer } = await createEdition(t, nextRelease);
  const { url } = await createDatabase(t);
  await installer.install({ connection: url });
  t.deepEqual(await installer.rollback({ connection: url }), ['migrations/0003_create_agents']);
  t.deepEqual(await installer.rollback({ connection: url }), ['migrations/0002_add_agent']);
  t.is((await installer.planRollback({ connection: url })).to, 0);
});

test('After a rollback to an earlier release, its installer makes what it made before.', async (t) => {
  const { installer } = await createEdition(t, nextRelease);
  const installation = await createInstallation(t);
  const before = await catalogueOf(installation);
  await installer.install({ connection: installation.url });
  await installer.rollback({ connection: installation.url }, 1);
  await install({ connection: installation.url });
  t.deepEqual(await catalogueOf(installation), before);
});

test('Down and up again, each migration leaves the shape that it left the first time.', async (t) => {
  const { installer } = await createEdition(t, nextRelease);
  const database = await createDatabase(t);
  await installer.install({ connection: database.url });
  const before = await catalogueOf(database);
  for (const to of [2, 1, 0]) {
    await installer.rollback({ connection: database.url }, to);
    await installer.install({ connection: database.url });
    t.deepEqual(await catalogueOf(database), before, `after ${to}`);
  }
});

test('Back to 0 from a later release, nothing of any migration is left.', async (t) => {
  const { installer } = await createEdition(t, nextRelease);
  const database = await createDatabase(t);
  await installer.install({ connection: database.url });
  await installer.rollback({ connection: database.url }, 0);
  t.deepEqual(await catalogueOf(database), { tables: [], routines: [], grants: {}, log: [] });
});

test('Sessions survive a rollback that is not one to 0.', async (t) => {
  const { installer } = await createEdition(t, nextRelease);
  const database = await createDatabase(t);
  await installer.install({ connection: database.url });
  await writeSession(database, 'a', 60);
  await installer.rollback({ connection: database.url }, 1);
  t.deepEqual(await ids(database), ['a']);
});

test('A migration that was half taken back is done again by an installer that goes up.', async (t) => {
  const { installer } = await createEdition(t, nextRelease);
  const database = await createDatabase(t);
  await installer.install({ connection: database.url });
  const before = await catalogueOf(database);
  // The last statement that gets through is the one that drops the column.
  const gate = await openGate(t, database.url, { after: 7, closing: 'refuse' });
  await t.throwsAsync(installer.rollback({ connection: gate.url }, 1), { message: /read-only/ });
  t.deepEqual(await database.query("SHOW COLUMNS FROM sessions LIKE 'agent'"), []);
  await installer.install({ connection: database.url });
  t.deepEqual(await catalogueOf(database), before);
});

test('What a later release did is taken back by that release alone.', async (t) => {
  const { installer } = await createEdition(t, nextRelease);
  const { url } = await createInstallation(t);
  await installer.install({ connection: url });
  await t.throwsAsync(rollback({ connection: url }, 1), {
    instanceOf: InstallationError,
    message: /0002_add_agent, migrations\/0003_create_agents: only that version/,
  });
});

test('What a rollback would take back is told without changing anything.', async (t) => {
  const { installer } = await createEdition(t, nextRelease);
  const database = await createDatabase(t);
  await installer.install({ connection: database.url });
  const before = await catalogueOf(database);
  t.deepEqual(await installer.planRollback({ connection: database.url }, 1), {
    to: 1,
    steps: ['migrations/0003_create_agents', 'migrations/0002_add_agent'],
  });
  t.deepEqual(await catalogueOf(database), before);
});

test('An installation that the installer would refuse can still be taken back.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query('ALTER TABLE sessions DROP COLUMN created_at');
  await t.throwsAsync(status({ connection: url }), { instanceOf: InstallationError });
  t.is((await planRollback({ connection: url })).to, 0);
  await rollback({ connection: url });
  t.deepEqual(await query("SHOW TABLES LIKE 'sessions%'"), []);
});
