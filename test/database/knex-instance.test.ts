import test from 'ava';
import type { Knex } from 'knex';
import { InstallationError } from '../../src';
import { createPooledStore, session } from '../support/store';

// Settings that an application may need for its own queries. They must not change a session.
const settings: Record<
  string,
  { connection?: Partial<Knex.MySql2ConnectionConfig>; config?: Knex.Config }
> = {
  'numbers as strings': { connection: { supportBigNumbers: true, bigNumberStrings: true } },
  'dates as strings': { connection: { dateStrings: true } },
  'rows as arrays': { connection: { rowsAsArray: true } },
  'rows nested by table': { connection: { nestTables: true } },
  'a distant time zone': { connection: { timezone: '+14:00' } },
  'a custom typeCast': { connection: { typeCast: () => 'cast' } },
  'named placeholders': { connection: { namedPlaceholders: true } },
  'several statements at once': { connection: { multipleStatements: true } },
  'another character set': { connection: { charset: 'latin1' } },
  'renamed columns': {
    config: {
      postProcessResponse: (result) =>
        Array.isArray(result)
          ? result.map((row) => (Array.isArray(row) ? row : rename(row)))
          : rename(result),
    },
  },
  'every result replaced': { config: { postProcessResponse: () => [{ replaced: true }] } },
  'a postProcessResponse that throws': {
    config: {
      postProcessResponse: () => {
        throw new Error('from postProcessResponse');
      },
    },
  },
  'JSON as text': { connection: Object({ jsonStrings: true }) },
  'wrapped identifiers': { config: { wrapIdentifier: (value, wrap) => wrap(`${value}_x`) } },
  'stack traces': { config: { asyncStackTraces: true } },
};

function rename(row: unknown): unknown {
  return typeof row === 'object' && row !== null
    ? Object.fromEntries(Object.entries(row).map(([key, value]) => [key.toUpperCase(), value]))
    : row;
}

test("The application's knex instance prints no session data, with debug and in an error.", async (t) => {
  const printed: unknown[] = [];
  const print = (...values: unknown[]) => printed.push(...values);
  const { store, query } = await createPooledStore(
    t,
    {},
    { debug: true, log: { warn: print, error: print, deprecate: print, debug: print } },
  );
  await store.set('confidential-id', session('confidential'));
  await query('DROP PROCEDURE sess_get');
  await t.throwsAsync(async () => store.get('confidential-id'));
  t.deepEqual(printed, []);
});

for (const [answer, statement] of [
  [
    'no row',
    'CREATE PROCEDURE sess_version () SELECT 1 FROM (SELECT 1 AS one) AS ones WHERE one = 2',
  ],
  ['no number', "CREATE PROCEDURE sess_version () SELECT 'one', 2, 3, 4, 5, VERSION()"],
  ['NULL', 'CREATE PROCEDURE sess_version () SELECT NULL, 100, 1024, 1, 0, VERSION()'],
  ['too few columns', 'CREATE PROCEDURE sess_version () SELECT 1, 100'],
] as const) {
  test(`A sess_version that answers ${answer} is an error that says so.`, async (t) => {
    const { store, query, accountUrl } = await createPooledStore(t);
    await query('DROP PROCEDURE sess_version');
    await query(statement);
    const user = decodeURIComponent(new URL(accountUrl).username);
    await query(`GRANT EXECUTE ON PROCEDURE sess_version TO \`${user}\`@'%'`);
    await t.throwsAsync(async () => store.get('sid'), {
      instanceOf: InstallationError,
      message:
        /^Expected sess_version to answer five numbers, a version, a host and a number, got .*knex-mysql-session doctor$/,
    });
  });
}

for (const [name, { connection, config }] of Object.entries(settings)) {
  test(`A knex instance with ${name} stores and loads sessions unchanged.`, async (t) => {
    const { store } = await createPooledStore(t, {}, { ...config, connection });
    const original = session({ name: 'Zoë 😀', when: '2026-01-01 00:00:00', n: 12345678901 });
    await store.set('sid', original);
    const found = await store.get('sid');
    t.deepEqual(found?.value, original.value);
    t.true(Math.abs(Number(found?.cookie.expires) - Date.now() - 60_000) < 30_000);
    t.deepEqual([await store.ids(), await store.length(), await store.gc()], [['sid'], 1, 0]);
  });
}
