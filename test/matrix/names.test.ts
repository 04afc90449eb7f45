import test from 'ava';
import { ArgumentError, MySQLSessionStore } from '../../src';
import { InstallationError, install, type Naming, plan, planFresh, rollback } from '../../src/install';
import { createDatabase, openDatabase } from '../database';
import { catalogueOf } from '../install/catalogue';
import { splitScript } from '../install/client';

const hostile = [
  '`; DROP TABLE x; -- ',
  "x'",
  'x"',
  'x\\',
  'x`',
  'x.y',
  'x y',
  'x-- ',
  'x\n',
  'x\0',
  'ẞ',
  '😀',
  '%',
];

const options: (keyof Naming)[] = ['table', 'prefix', 'sidColumn'];

for (const option of options) {
  test(`A hostile ${option} is refused by name, and nothing is installed.`, async (t) => {
    const database = await createDatabase(t);
    for (const name of hostile) {
      const expected = { instanceOf: ArgumentError, message: new RegExp(`\`${option}\``) };
      const naming = { [option]: name };
      await t.throwsAsync(install({ connection: database.url, ...naming }), expected, name);
      await t.throwsAsync(plan({ connection: database.url, ...naming }), expected, name);
      t.throws(() => planFresh({ database: 'shop', ...naming }), expected, name);
    }
    t.deepEqual(await catalogueOf(database), { tables: [], routines: [], grants: {}, log: [] });
  });
}

test('A hostile routinePrefix of the store is refused by name.', (t) => {
  for (const routinePrefix of hostile) {
    t.throws(() => new MySQLSessionStore({ connection: 'mysql://app@127.0.0.1/shop', routinePrefix }), {
      instanceOf: ArgumentError,
      message: /`routinePrefix`/,
    });
  }
});

for (const sidColumn of ['v_sid', 'p_sid', 'P_After']) {
  test(`The id's column can't be called ${sidColumn}, which the routines would take for a variable.`, async (t) => {
    const { url } = await createDatabase(t);
    await t.throwsAsync(install({ connection: url, sidColumn }), {
      instanceOf: ArgumentError,
      message: /`sidColumn`.*p_ or v_/,
    });
  });
}

// With more sessions than a page has, as an alias of a routine's result would change the order of the pages.
for (const sidColumn of ['ttl_ms', 'age_ms']) {
  test(`The id's column may be called ${sidColumn}, and pages still follow the ids.`, async (t) => {
    const { url, query } = await createDatabase(t);
    await install({ connection: url, sidColumn });
    for (const [id, lifetime] of [
      ['a', 90_000],
      ['b', 30_000],
      ['c', 60_000],
    ] as const) {
      await query("CALL sess_set(?, '{}', ?)", [Buffer.from(id), lifetime]);
    }
    const page = async (after: string) =>
      (await query('CALL sess_all(?, 2)', [Buffer.from(after)])).map(([sid]) => String(sid));
    t.deepEqual([await page(''), await page('b')], [['a', 'b'], ['c']]);
  });
}

test('A prefix that differs from that of another installation in letter case alone is refused.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const before = await catalogueOf(database);
  await t.throwsAsync(install({ connection: database.url, table: 'other', prefix: 'SESS_' }), {
    instanceOf: InstallationError,
    message: /^Procedures of these names exist and don't work on the table `other`/,
  });
  t.deepEqual(await catalogueOf(database), before);
});

test('A database with a hostile name is installed and used, whoever sends the script.', async (t) => {
  const { name, url, query } = await createDatabase(t);
  const hostileName = `${name}\`'"; DROP TABLE x; ü`;
  const quoted = `\`${hostileName.replaceAll('`', '``')}\``;
  const connection = Object.assign(new URL(url), { pathname: `/${encodeURIComponent(hostileName)}` }).href;
  await query(`CREATE DATABASE ${quoted}`);
  t.teardown(async () => {
    await rollback({ connection }, 0);
    await query(`DROP DATABASE ${quoted}`);
  });
  await openDatabase(t, url).withConnection(async (dba) => {
    for (const statement of splitScript(planFresh({ database: hostileName }))) {
      await dba.query(statement);
    }
  });
  t.deepEqual(await install({ connection }), []);
  await query(`CALL ${quoted}.sess_set('a', '{}', 60000)`);
  t.deepEqual(await query(`SELECT sid FROM ${quoted}.sessions`), [['a']]);
});
