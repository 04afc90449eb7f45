import test from 'ava';
import { grant, install, type Naming, plan, planFresh, rollback } from '../../src/install';
import { createDatabase, openDatabase, type TestDatabase } from '../database';
import { type Catalogue, catalogueOf } from './catalogue';
import { hasClient, runInClient, splitScript } from './client';
import { createEdition, nextRelease } from './edition';
import { openGate } from './gate';
import { createInstallation } from './installation';

const inClient = hasClient ? test : test.skip;

// Made by the installer and taken back again, so that the same names can be compared.
async function catalogueOfInstaller(database: TestDatabase, naming: Naming = {}): Promise<Catalogue> {
  await install({ connection: database.url, ...naming });
  const catalogue = await catalogueOf(database);
  await rollback({ connection: database.url, ...naming }, 0);
  return catalogue;
}

for (const [names, naming] of [
  ['default names', {}],
  ['other names', { table: 'logins', prefix: 'lg_', sidColumn: 'login' }],
] as const) {
  inClient(`A plan with ${names}, piped into the client, makes what the installer makes.`, async (t) => {
    const database = await createDatabase(t);
    const expected = await catalogueOfInstaller(database, naming);
    await runInClient(database.url, await plan({ connection: database.url, ...naming }));
    t.deepEqual(await catalogueOf(database), expected);
  });

  inClient(
    `A plan with ${names} that was made without a server makes what the installer makes.`,
    async (t) => {
      const database = await createDatabase(t);
      const expected = await catalogueOfInstaller(database, naming);
      await runInClient(database.url, planFresh({ database: database.name, ...naming }));
      t.deepEqual(await catalogueOf(database), expected);
    },
  );

  test(`A catalogue with ${names} has the table and its log, fourteen routines and what is logged of them.`, async (t) => {
    const { tables, routines, log } = await catalogueOfInstaller(await createDatabase(t), naming);
    t.deepEqual([tables.length, routines.length, log.length], [2, 15, 17]);
  });
}

inClient('A plan for what is missing makes what the installer makes.', async (t) => {
  const installation = await createInstallation(t);
  const expected = await catalogueOf(installation);
  await installation.query('DROP PROCEDURE sess_get');
  await installation.query('DROP PROCEDURE sess_all');
  await runInClient(installation.url, await plan({ connection: installation.url }));
  t.deepEqual(await catalogueOf(installation), expected);
});

for (const after of [1, 2, 9, 20, 33]) {
  inClient(`A plan goes on where an installer stopped after ${after} statements.`, async (t) => {
    const database = await createDatabase(t);
    const expected = await catalogueOfInstaller(database);
    const gate = await openGate(t, database.url, { after, closing: 'refuse' });
    await t.throwsAsync(install({ connection: gate.url }), { message: /read-only/ });
    await runInClient(database.url, await plan({ connection: database.url }));
    t.deepEqual(await catalogueOf(database), expected);
  });
}

inClient('A plan for an older release makes what the installer makes of it.', async (t) => {
  const { installer } = await createEdition(t, nextRelease);
  const installation = await createInstallation(t);
  await installer.install({ connection: installation.url });
  const expected = await catalogueOf(installation);
  await installer.rollback({ connection: installation.url }, 1);
  await install({ connection: installation.url });
  t.notDeepEqual(await catalogueOf(installation), expected);

  await runInClient(installation.url, await installer.plan({ connection: installation.url }));
  t.deepEqual(await catalogueOf(installation), expected);
});

test('A plan for an older release holds what is new, and nothing else.', async (t) => {
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

inClient('The definer of a plan that was piped into the client is locked.', async (t) => {
  const { name, url, query } = await createDatabase(t);
  await runInClient(url, planFresh({ database: name }));
  const [row] = await query(`SHOW CREATE USER \`${name}.sess_\`@localhost`);
  t.regex(String(row?.[0]), /\bACCOUNT LOCK\b/);
});

inClient('After a plan was piped into the client, the next plan is empty.', async (t) => {
  const { url } = await createDatabase(t);
  await runInClient(url, await plan({ connection: url }));
  t.is(await plan({ connection: url }), '');
});

test('The statements of a plan, sent one by one, make what the installer makes.', async (t) => {
  const database = await createDatabase(t);
  const expected = await catalogueOfInstaller(database);
  const script = await plan({ connection: database.url });
  await openDatabase(t, database.url).withConnection(async (connection) => {
    for (const statement of splitScript(script)) {
      await connection.query(statement);
    }
  });
  t.deepEqual(await catalogueOf(database), expected);
});

test('A database that was installed from a plan has nothing to do for the installer.', async (t) => {
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
  t.deepEqual(await catalogueOf(database), { tables: [], routines: [], grants: {}, log: [] });
});

test('A plan for an installation that is up to date is empty.', async (t) => {
  const { url } = await createInstallation(t);
  t.is(await plan({ connection: url }), '');
});

test('A plan holds only what is still to do.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query('DROP PROCEDURE sess_get');
  const script = await plan({ connection: url });
  t.deepEqual(script.match(/^-- \w+\/.*/gm), ['-- routines/sess_get']);
});

test('A plan puts the grants of a routine back with it.', async (t) => {
  const { url, query, account } = await createInstallation(t);
  await grant({ connection: url }, account.name);
  await query('DROP PROCEDURE sess_get');
  const grantee = account.name.replaceAll("'", '`');
  const grants = (await plan({ connection: url })).match(/^GRANT EXECUTE ON PROCEDURE `sess_get` TO .*;$/gm);
  t.true(grants?.join().includes(grantee));
});

test('A plan knows no password, not even the one of the definer.', (t) => {
  const script = planFresh({ database: 'shop' });
  t.deepEqual(script.match(/IDENTIFIED BY.*/g), [
    "IDENTIFIED BY ''', @definer_password, ''' ACCOUNT LOCK');",
  ]);
});
