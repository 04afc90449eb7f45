import test from 'ava';
import knex, { type Knex } from 'knex';
import { MySQLSessionStore } from '../../src';
import { createInstallation, patientBudget, session } from '../support/store';

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
  'wrapped identifiers': { config: { wrapIdentifier: (value, wrap) => wrap(`${value}_x`) } },
  'stack traces': { config: { asyncStackTraces: true } },
};

function rename(row: unknown): unknown {
  return typeof row === 'object' && row !== null
    ? Object.fromEntries(Object.entries(row).map(([key, value]) => [key.toUpperCase(), value]))
    : row;
}

for (const [name, { connection, config }] of Object.entries(settings)) {
  test(`A knex instance with ${name} stores and loads sessions unchanged.`, async (t) => {
    const { accountUrl } = await createInstallation(t);
    const pool = knex({
      client: 'mysql2',
      connection: { uri: accountUrl, ...connection },
      pool: { min: 0 },
      ...config,
    });
    t.teardown(() => pool.destroy());
    const store = new MySQLSessionStore({
      knex: pool,
      disableDbCleanup: true,
      retryBudget: patientBudget,
    });
    const original = session({ name: 'Zoë 😀', when: '2026-01-01 00:00:00', n: 12345678901 });
    await store.set('sid', original);
    const found = await store.get('sid');
    t.deepEqual(found?.value, original.value);
    t.true(Math.abs(Number(found?.cookie.expires) - Date.now() - 60_000) < 30_000);
    t.deepEqual([await store.ids(), await store.length(), await store.gc()], [['sid'], 1, 0]);
  });
}
