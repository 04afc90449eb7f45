import test, { type ExecutionContext } from 'ava';
import {
  addAttribute,
  grant,
  install,
  planFresh,
  revoke,
  rollback,
  status,
} from '../../src/install';
import { packageVersion } from '../../src/install/package-version';
import { formatAccount } from '../../src/install/sql/account';
import { formatKey, grantFacts } from '../../src/install/state/migration-log';
import { createDatabase, type TestDatabase } from '../support/database';
import { userId } from './attributes/attributed';
import { createInstallation } from './installation';

const longHost = `${'h'.repeat(63)}.`.repeat(3).concat('example');

async function createNamedAccount(database: TestDatabase, user: string, host: string) {
  const account = { user: `${database.name}${user}`, host };
  const name = formatAccount(account);
  await database.query(`CREATE USER ${name} IDENTIFIED BY 'aA1!for-the-test'`);
  return { account, name };
}

async function detailsOf({ query }: TestDatabase, kind: string): Promise<unknown[]> {
  const rows = await query(
    "SELECT CONVERT(JSON_REMOVE(details, '$.credential') USING utf8mb4) FROM sessions_migrations WHERE kind = ?",
    [kind],
  );
  return rows.map(([details]) => JSON.parse(String(details)));
}

test('The log records the facts that a later run needs.', async (t) => {
  const installation = await createInstallation(t, []);
  const { url, name } = installation;
  const path = '$."user id"."größe"';
  const { name: account } = await createNamedAccount(installation, '/operator/x', '%');
  await install({ connection: url, event: { every: 300 } });
  await addAttribute({ connection: url }, { ...userId, path });
  await grant({ connection: url }, account, 'find_user_id');
  t.deepEqual(await detailsOf(installation, 'migration'), [{ number: 1 }]);
  t.deepEqual(await detailsOf(installation, 'event'), [{ every: 300 }]);
  // The first row says that it began.
  const attribute = { path, type: userId.type };
  t.deepEqual(await detailsOf(installation, 'attribute'), [attribute, attribute]);
  t.deepEqual((await detailsOf(installation, 'installation')).at(-1), {
    ...{ database: name, table: 'sessions', prefix: 'sess_', sid_column: 'sid' },
    ...{ definer: `${name}.sess_`, every: 300, attributes: [{ name: userId.name, ...attribute }] },
  });
  t.deepEqual(await detailsOf(installation, 'grant'), [
    { role: 'find_user_id', user: `${name}/operator/x`, host: '%' },
  ]);
});

test('A later run reads the facts back from the log.', async (t) => {
  const installation = await createInstallation(t, []);
  const { url } = installation;
  const path = '$."user id"."größe"';
  const { name: account } = await createNamedAccount(installation, '/operator/x', '%');
  await install({ connection: url, event: { every: 300 } });
  await addAttribute({ connection: url }, { ...userId, path });
  await grant({ connection: url }, account, 'find_user_id');
  t.like(await status({ connection: url }), {
    upToDate: true,
    attributes: [{ ...userId, path }],
    grants: [{ account, role: 'find_user_id' }],
    event: { every: 300 },
  });
  t.deepEqual(await install({ connection: url }), []);
});

test('An account with a long name has its role in the log once.', async (t) => {
  const database = await createInstallation(t, []);
  const { name: account } = await createNamedAccount(database, '.a', longHost);
  const { name: other } = await createNamedAccount(database, '.b', longHost);
  for (const name of [account, other, account]) {
    await grant({ connection: database.url }, name, 'cleaner');
  }
  const { grants, upToDate } = await status({ connection: database.url });
  t.deepEqual(
    grants.map((recorded) => recorded.account),
    [other, account],
  );
  t.true(upToDate);
  await rollback({ connection: database.url }, 0);
});

test('The key of a long account fits its column, and differs from other keys.', (t) => {
  const facts = ['%', longHost, `x${longHost}`].map((host) =>
    grantFacts({ role: 'application', account: { user: 'ü'.repeat(80), host } }),
  );
  t.true(facts.every(({ name }) => name.length <= 255));
  t.is(new Set(facts.map(({ name }) => name)).size, facts.length);
  t.deepEqual(facts[1]?.details, { role: 'application', user: 'ü'.repeat(80), host: longHost });
});

test('The name of a step has its kind and its key.', (t) => {
  t.is(formatKey({ kind: 'routine', name: 'sess_get' }), 'routines/sess_get');
  t.is(formatKey({ kind: 'of a later release', name: 'x' }), 'of a later release/x');
});

async function createLog(t: ExecutionContext, rowFormat: string) {
  const { query } = await createDatabase(t);
  const [create = ''] =
    /CREATE TABLE IF NOT EXISTS `\w+_migrations`[^;]+/.exec(planFresh({ database: 'shop' })) ?? [];
  await query(`${create} ROW_FORMAT = ${rowFormat}`);
  const [row] = await query("SHOW TABLE STATUS LIKE 'sessions_migrations'");
  return row?.[3];
}

for (const rowFormat of ['Compact', 'Redundant']) {
  test(`The log can have the row format ${rowFormat}.`, async (t) => {
    t.is(await createLog(t, rowFormat), rowFormat);
  });
}

test('The log is an audit: it keeps each change, with who, when, what and how long.', async (t) => {
  const { url, query, account } = await createInstallation(t, []);
  const start = Date.now();
  await grant({ connection: url }, account.name, 'cleaner');
  await revoke({ connection: url }, account.name, 'cleaner');
  const rows = await query(
    `SELECT action, applied_by, package_version, duration_ms,
       UNIX_TIMESTAMP(CONVERT_TZ(applied_at, '+00:00', @@session.time_zone)) * 1000
     FROM sessions_migrations WHERE kind = 'grant' ORDER BY id`,
  );
  const [user] = await query('SELECT USER()');
  t.deepEqual(
    rows.map((row) => row.slice(0, 3)),
    [
      ['applied', user?.[0], packageVersion()],
      ['removed', user?.[0], packageVersion()],
    ],
  );
  for (const [, , , duration, time] of rows) {
    t.true(Number(duration) >= 0 && Number(duration) < 60_000, String(duration));
    t.true(Math.abs(Number(time) - start) < 60_000, String(time));
  }
});
