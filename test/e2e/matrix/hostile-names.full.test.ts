import test from 'ava';
import { ArgumentError, MySQLSessionStore } from '../../../src';
import {
  InstallationError,
  install,
  type Naming,
  plan,
  planFresh,
  rollback,
} from '../../../src/install';
import { readCatalog } from '../../install/catalog';
import { splitScript } from '../../support/client';
import { createDatabase, openDatabase } from '../../support/database';

const hostileNames = [
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
  test(`A hostile ${option} throws an error that names the option, and installs nothing.`, async (t) => {
    const database = await createDatabase(t);
    for (const name of hostileNames) {
      const expected = { instanceOf: ArgumentError, message: new RegExp(`\`${option}\``) };
      const naming = { [option]: name };
      await t.throwsAsync(install({ connection: database.url, ...naming }), expected, name);
      await t.throwsAsync(plan({ connection: database.url, ...naming }), expected, name);
      t.throws(() => planFresh({ database: 'shop', ...naming }), expected, name);
    }
    t.deepEqual(await readCatalog(database), { tables: [], routines: [], grants: {}, log: [] });
  });
}

test('A hostile routinePrefix of the store throws an error that names the option.', (t) => {
  for (const routinePrefix of hostileNames) {
    t.throws(
      () => new MySQLSessionStore({ connection: 'mysql://app@127.0.0.1/shop', routinePrefix }),
      {
        instanceOf: ArgumentError,
        message: /`routinePrefix`/,
      },
    );
  }
});

for (const sidColumn of ['v_sid', 'p_sid', 'P_After']) {
  test(`The id column cannot have the name ${sidColumn}, because routines have such variables.`, async (t) => {
    const { url } = await createDatabase(t);
    await t.throwsAsync(install({ connection: url, sidColumn }), {
      instanceOf: ArgumentError,
      message: /`sidColumn`.*p_ or v_/,
    });
  });
}

// Result columns of sess_all have these names. The pages must follow the table's column instead.
for (const sidColumn of ['ttl_ms', 'age_ms']) {
  test(`With an id column of the name ${sidColumn}, pages still follow the ids.`, async (t) => {
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

test('The installer rejects a prefix that differs from another one only in letter case.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const before = await readCatalog(database);
  await t.throwsAsync(install({ connection: database.url, table: 'other', prefix: 'SESS_' }), {
    instanceOf: InstallationError,
    message: /^The prefix sess_ of .* belongs to the installation with --table sessions/,
  });
  t.deepEqual(await readCatalog(database), before);
});

test('The script of plan works in a database with a hostile name.', async (t) => {
  const { name, url, query } = await createDatabase(t);
  const hostileName = `${name}\`'"; DROP TABLE x; ü`;
  const quoted = `\`${hostileName.replaceAll('`', '``')}\``;
  const connection = Object.assign(new URL(url), {
    pathname: `/${encodeURIComponent(hostileName)}`,
  }).href;
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
