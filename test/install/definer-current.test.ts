import test from 'ava';
import { ArgumentError, DatabaseError } from '../../src/errors';
import { doctor, grant, install, plan, planFresh, rollback, status } from '../../src/install';
import { createDatabase, openDatabase, type TestAccount, type TestDatabase } from '../database';
import { catalogueOf, grantsOf } from './catalogue';
import { splitScript } from './client';

const empty = { tables: [], routines: [], grants: {}, log: [] };

/** The accounts that the routines run as. */
async function definersOf({ query }: TestDatabase): Promise<unknown[]> {
  const rows = await query(
    'SELECT DISTINCT definer FROM information_schema.routines WHERE routine_schema = DATABASE()',
  );
  return rows.map(([definer]) => definer);
}

async function administratorOf({ query }: TestDatabase): Promise<string> {
  const [row] = await query('SELECT CURRENT_USER()');
  return String(row?.[0]);
}

/** An account with every right on the database that an installer needs, but none to name another definer. */
async function createManaged(database: TestDatabase): Promise<TestAccount> {
  const account = await database.createAccount();
  await database.query(
    `GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, EXECUTE, CREATE ROUTINE, ALTER ROUTINE
     ON \`${database.name}\`.* TO ${account.name} WITH GRANT OPTION`,
  );
  return account;
}

test('The routines run as the account that installs them, and no account is made.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, definer: 'current' });
  t.deepEqual(await definersOf(database), [await administratorOf(database)]);
  t.deepEqual(await grantsOf(database), {});
});

test('An application with its role calls such routines, and can do nothing else.', async (t) => {
  const database = await createDatabase(t);
  const managed = await createManaged(database);
  await install({ connection: managed.url, definer: 'current' });
  const account = await database.createAccount();
  await grant({ connection: managed.url }, account.name);
  const app = openDatabase(t, account.url);
  await app.query("CALL sess_set('a', '{}', 60000)");
  t.is((await app.query("CALL sess_get('a')")).length, 1);
  const denied = await t.throwsAsync(app.query('SELECT * FROM sessions'), { instanceOf: DatabaseError });
  t.is(denied?.errno, 1142);
});

test('A later installer keeps to it without being told.', async (t) => {
  const { url } = await createDatabase(t);
  await install({ connection: url, definer: 'current' });
  t.deepEqual(await install({ connection: url }), []);
});

test('A later plan keeps to it without being told.', async (t) => {
  const { url, query } = await createDatabase(t);
  await install({ connection: url, definer: 'current' });
  await query('DROP PROCEDURE sess_get');
  const script = await plan({ connection: url });
  t.regex(script, /DEFINER = CURRENT_USER PROCEDURE `sess_get`/);
  t.notRegex(script, /localhost/);
});

test('A status tells the account that the routines run as.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, definer: 'current' });
  const [user, host] = (await administratorOf(database)).split('@');
  t.like(await status({ connection: database.url }), { definer: `'${user}'@'${host}'`, upToDate: true });
});

test('Back to 0, nothing is left of it.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, definer: 'current' });
  await rollback({ connection: database.url }, 0);
  t.deepEqual(await catalogueOf(database), empty);
});

test('After it was taken back, an installation has a definer of its own again.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, definer: 'current' });
  await rollback({ connection: database.url }, 0);
  await install({ connection: database.url });
  t.deepEqual(await definersOf(database), [`${database.name}.sess_@localhost`]);
});

test('The statements of a plan for it make what the installer makes.', async (t) => {
  const database = await createDatabase(t);
  const options = { connection: database.url, definer: 'current' } as const;
  await install(options);
  const expected = await catalogueOf(database);
  await rollback(options, 0);
  await openDatabase(t, database.url).withConnection(async (connection) => {
    for (const statement of splitScript(planFresh({ database: database.name, definer: 'current' }))) {
      await connection.query(statement);
    }
  });
  t.deepEqual(await catalogueOf(database), expected);
});

test('A fresh plan for it makes no account and gives no right.', (t) => {
  t.notRegex(planFresh({ database: 'shop', definer: 'current' }), /CREATE USER|GRANT|localhost/);
});

test('An installation of it that failed in the middle goes on in the same way.', async (t) => {
  const database = await createDatabase(t);
  const managed = await createManaged(database);
  await database.query(`REVOKE CREATE ROUTINE ON \`${database.name}\`.* FROM ${managed.name}`);
  await t.throwsAsync(install({ connection: managed.url, definer: 'current' }), {
    instanceOf: DatabaseError,
  });
  await install({ connection: database.url });
  t.deepEqual(await definersOf(database), [await administratorOf(database)]);
});

test('An installation that failed for want of the right to name a definer goes on with it.', async (t) => {
  const database = await createDatabase(t);
  const managed = await createManaged(database);
  await database.query(`GRANT CREATE USER ON *.* TO ${managed.name}`);
  const refused = await t.throwsAsync(install({ connection: managed.url }), { instanceOf: DatabaseError });
  t.is(refused?.errno, 1227);
  await install({ connection: managed.url, definer: 'current' });
  t.true((await status({ connection: managed.url })).upToDate);
});

test('The account of an attempt without it goes when everything is taken back.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  await install({ connection: database.url, definer: 'current' });
  await rollback({ connection: database.url }, 0);
  t.deepEqual(await catalogueOf(database), empty);
});

test('An installation with a definer of its own can be turned to it, with the grants of its accounts.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const account = await database.createAccount();
  await grant({ connection: database.url }, account.name);
  const before = (await grantsOf(database))[account.name];
  await install({ connection: database.url, definer: 'current' });
  t.deepEqual(await definersOf(database), [await administratorOf(database)]);
  t.deepEqual((await grantsOf(database))[account.name], before);
});

test('Once turned, the account that no routine runs as is noted, and the remedy drops it.', async (t) => {
  const { name, url, query } = await createDatabase(t);
  await install({ connection: url });
  await install({ connection: url, definer: 'current' });
  const { checks, findings } = await doctor({ connection: url });
  const leftover = checks.find(({ subject }) => subject === `account '${name}.sess_'@'localhost'`);
  t.is(findings, 0);
  t.is(leftover?.state, 'note');
  await query(leftover?.remedy[0]?.slice(0, -1) ?? '');
  t.deepEqual(await query('SELECT user FROM mysql.user WHERE user = ?', [`${name}.sess_`]), []);
});

test('A doctor says what is weaker about it, and finds nothing wrong.', async (t) => {
  const { url } = await createDatabase(t);
  await install({ connection: url, definer: 'current' });
  const { checks, findings } = await doctor({ connection: url });
  t.is(findings, 0);
  t.regex(
    checks.find(({ area }) => area === 'definer')?.found ?? '',
    /which installed them \(--definer current\): .*read_only/,
  );
});

test('An installer that is gone is found, and another one takes its place.', async (t) => {
  const database = await createDatabase(t);
  const managed = await createManaged(database);
  await install({ connection: managed.url, definer: 'current' });
  await database.query(`DROP USER ${managed.name}`);
  const { checks } = await doctor({ connection: database.url });
  const finding = checks.find(({ state }) => state === 'finding');
  t.like(finding, { area: 'definer', subject: `account ${managed.name}`, found: 'nothing' });
  t.deepEqual(finding?.remedy, ['knex-mysql-session migrate']);
  await install({ connection: database.url });
  t.deepEqual(await definersOf(database), [await administratorOf(database)]);
  t.is((await doctor({ connection: database.url })).findings, 0);
});

test('Where two accounts installed routines, a status names both.', async (t) => {
  const database = await createDatabase(t);
  const managed = await createManaged(database);
  await install({ connection: managed.url, definer: 'current' });
  await database.query('DROP PROCEDURE sess_get');
  await install({ connection: database.url });
  const { definer, upToDate } = await status({ connection: database.url });
  t.true(upToDate);
  t.is(definer.split(', ').length, 2);
  t.true(definer.includes(managed.name));
});

test('Of installers at once, those that are not told keep to it too.', async (t) => {
  const database = await createDatabase(t);
  const { url } = database;
  await Promise.all([
    ...Array.from({ length: 5 }, () => install({ connection: url })),
    ...Array.from({ length: 5 }, () => install({ connection: url, definer: 'current' })),
  ]);
  t.deepEqual(await definersOf(database), [await administratorOf(database)]);
  t.deepEqual(await install({ connection: url }), []);
});

test('The event runs as the account that installs it, too.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, definer: 'current', event: true });
  const rows = await database.query(
    'SELECT definer FROM information_schema.events WHERE event_schema = DATABASE()',
  );
  t.deepEqual(rows, [[await administratorOf(database)]]);
  t.deepEqual(await grantsOf(database), {});
});

test('Another definer can not be named.', async (t) => {
  const options: object = { connection: 'mysql://localhost/x', definer: 'root' };
  await t.throwsAsync(async () => install(options as Parameters<typeof install>[0]), {
    instanceOf: ArgumentError,
    message: 'Expected `definer` to be \'current\', or left out, got "root"',
  });
});
