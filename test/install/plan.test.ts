import test from 'ava';
import { routineNames } from '../../src/contract';
import { grant, install, type Naming, plan, planFresh, rollback } from '../../src/install';
import { readSqlFolder } from '../../src/install/sql/sql-files';
import { hasClient, runInClient, splitScript } from '../support/client';
import { createDatabase, openDatabase, type TestDatabase } from '../support/database';
import { type Catalog, readCatalog } from './catalog';
import { createEdition, nextRelease } from './edition';
import { openGate } from './gate';
import { createInstallation } from './installation';

const inClient = hasClient ? test : test.skip;

const migrations = readSqlFolder('migrations').filter(({ name }) => name.endsWith('.up'));

// Installs and rolls back: the plan then creates objects with the same names.
async function catalogOfInstaller(database: TestDatabase, naming: Naming = {}): Promise<Catalog> {
  await install({ connection: database.url, ...naming });
  const catalog = await readCatalog(database);
  await rollback({ connection: database.url, ...naming }, 0);
  return catalog;
}

for (const [names, naming] of [
  ['default names', {}],
  ['other names', { table: 'logins', prefix: 'lg_', sidColumn: 'login' }],
] as const) {
  inClient(
    `A plan with ${names}, run by the client, creates what the installer creates.`,
    async (t) => {
      const database = await createDatabase(t);
      const expected = await catalogOfInstaller(database, naming);
      await runInClient(database.url, await plan({ connection: database.url, ...naming }));
      t.deepEqual(await readCatalog(database), expected);
    },
  );

  inClient(
    `A plan with ${names} that needs no server creates what the installer creates.`,
    async (t) => {
      const database = await createDatabase(t);
      const expected = await catalogOfInstaller(database, naming);
      await runInClient(database.url, planFresh({ database: database.name, ...naming }));
      t.deepEqual(await readCatalog(database), expected);
    },
  );

  test(`An installation with ${names} has two tables, all routines of the contract, and a log row for each step.`, async (t) => {
    const { tables, routines, log } = await catalogOfInstaller(await createDatabase(t), naming);
    t.deepEqual(
      [tables.length, routines.length, log.length],
      // The installation and its definer have a row each.
      [2, routineNames.length, migrations.length + 2 + routineNames.length],
    );
  });
}

inClient('A plan for missing routines creates what the installer creates.', async (t) => {
  const installation = await createInstallation(t);
  const expected = await readCatalog(installation);
  await installation.query('DROP PROCEDURE sess_get');
  await installation.query('DROP PROCEDURE sess_all');
  await runInClient(installation.url, await plan({ connection: installation.url }));
  t.deepEqual(await readCatalog(installation), expected);
});

for (const after of [1, 2, 9, 20, 33]) {
  inClient(`A plan continues an install that stopped after ${after} statements.`, async (t) => {
    const database = await createDatabase(t);
    const expected = await catalogOfInstaller(database);
    const gate = await openGate(t, database.url, { after, closing: 'refuse' });
    await t.throwsAsync(install({ connection: gate.url }), { message: /read-only/ });
    await runInClient(database.url, await plan({ connection: database.url }));
    t.deepEqual(await readCatalog(database), expected);
  });
}

inClient('A plan for an older release upgrades it as the installer does.', async (t) => {
  const { installer } = await createEdition(t, nextRelease);
  const installation = await createInstallation(t);
  await installer.install({ connection: installation.url });
  const expected = await readCatalog(installation);
  await installer.rollback({ connection: installation.url }, 1);
  await install({ connection: installation.url });
  t.notDeepEqual(await readCatalog(installation), expected);

  await runInClient(installation.url, await installer.plan({ connection: installation.url }));
  t.deepEqual(await readCatalog(installation), expected);
});

test('A plan for an older release contains only the new steps.', async (t) => {
  const { installer } = await createEdition(t, nextRelease);
  const { url } = await createInstallation(t);
  const script = await installer.plan({ connection: url });
  t.deepEqual(script.match(/^-- \w+\/.*/gm), [
    '-- migrations/0002_add_agent',
    '-- migrations/0003_create_agents',
    '-- routines/sess_get',
    '-- routines/sess_length',
  ]);
});

inClient('The definer is locked if the client ran the plan.', async (t) => {
  const { name, url, query } = await createDatabase(t);
  await runInClient(url, planFresh({ database: name }));
  const [row] = await query(`SHOW CREATE USER \`${name}.sess_\`@localhost`);
  t.regex(String(row?.[0]), /\bACCOUNT LOCK\b/);
});

inClient('After the client ran a plan, the next plan is empty.', async (t) => {
  const { url } = await createDatabase(t);
  await runInClient(url, await plan({ connection: url }));
  t.is(await plan({ connection: url }), '');
});

test('The statements of a plan create what the installer creates.', async (t) => {
  const database = await createDatabase(t);
  const expected = await catalogOfInstaller(database);
  const script = await plan({ connection: database.url });
  await openDatabase(t, database.url).withConnection(async (connection) => {
    for (const statement of splitScript(script)) {
      await connection.query(statement);
    }
  });
  t.deepEqual(await readCatalog(database), expected);
});

test('After a plan, an install runs no step.', async (t) => {
  const database = await createDatabase(t);
  const script = planFresh({ database: database.name, table: 'logins', prefix: 'lg_' });
  await openDatabase(t, database.url).withConnection(async (connection) => {
    for (const statement of splitScript(script)) {
      await connection.query(statement);
    }
  });
  t.deepEqual(await install({ connection: database.url, table: 'logins', prefix: 'lg_' }), []);
});

test('A plan changes nothing.', async (t) => {
  const database = await createDatabase(t);
  await plan({ connection: database.url });
  t.deepEqual(await readCatalog(database), { tables: [], routines: [], grants: {}, log: [] });
});

test('A plan for an installation that is up to date is empty.', async (t) => {
  const { url } = await createInstallation(t);
  t.is(await plan({ connection: url }), '');
});

test('A plan contains only pending steps.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query('DROP PROCEDURE sess_get');
  const script = await plan({ connection: url });
  t.deepEqual(script.match(/^-- \w+\/.*/gm), ['-- routines/sess_get']);
});

test('A plan for a routine restores its grants.', async (t) => {
  const { url, query, account } = await createInstallation(t);
  await grant({ connection: url }, account.name);
  await query('DROP PROCEDURE sess_get');
  const grantee = account.name.replaceAll("'", '`');
  const grants = (await plan({ connection: url })).match(
    /^GRANT EXECUTE ON PROCEDURE `sess_get` TO .*;$/gm,
  );
  t.true(grants?.join().includes(grantee));
});

test('A plan contains no password.', (t) => {
  const script = planFresh({ database: 'shop' });
  t.notRegex(script, /IDENTIFIED BY|PASSWORD\s*\(/);
});
