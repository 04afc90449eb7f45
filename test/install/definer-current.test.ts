import test from 'ava';
import { ArgumentError, DatabaseError, InstallationError } from '../../src/errors';
import { doctor, grant, install, plan, planFresh, rollback, status } from '../../src/install';
import { splitScript } from '../support/client';
import {
  createDatabase,
  openDatabase,
  type TestAccount,
  type TestDatabase,
} from '../support/database';
import { grantsOf, readCatalog } from './catalog';

const empty = { tables: [], routines: [], grants: {}, log: [] };

/** Returns the accounts that the routines run as. */
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

/** Creates an account that may install, but may not name another definer. */
async function createManaged(database: TestDatabase): Promise<TestAccount> {
  const account = await database.createAccount();
  await database.query(
    `GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, EXECUTE, CREATE ROUTINE, ALTER ROUTINE
     ON \`${database.name}\`.* TO ${account.name} WITH GRANT OPTION`,
  );
  await database.query(`GRANT SELECT ON mysql.* TO ${account.name}`);
  return account;
}

test("With definer 'current', the routines run as the installing account, and no account is created.", async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, definer: 'current' });
  t.deepEqual(await definersOf(database), [await administratorOf(database)]);
  t.deepEqual(await grantsOf(database), {});
});

test("With definer 'current', an application can call its routines and nothing else.", async (t) => {
  const database = await createDatabase(t);
  const managed = await createManaged(database);
  await install({ connection: managed.url, definer: 'current' });
  const account = await database.createAccount();
  await grant({ connection: managed.url }, account.name);
  const app = openDatabase(t, account.url);
  await app.query("CALL sess_set('a', '{}', 60000)");
  t.is((await app.query("CALL sess_get('a')")).length, 1);
  const denied = await t.throwsAsync(app.query('SELECT * FROM sessions'), {
    instanceOf: DatabaseError,
  });
  t.is(denied?.errno, 1142);
});

test("A later install keeps definer 'current' without the option.", async (t) => {
  const { url } = await createDatabase(t);
  await install({ connection: url, definer: 'current' });
  t.deepEqual(await install({ connection: url }), []);
});

test("A later plan keeps definer 'current' without the option.", async (t) => {
  const { url, query } = await createDatabase(t);
  await install({ connection: url, definer: 'current' });
  await query('DROP PROCEDURE sess_get');
  const script = await plan({ connection: url });
  t.regex(script, /DEFINER = CURRENT_USER PROCEDURE `sess_get`/);
  t.notRegex(script, /localhost/);
});

test('The status shows the account that the routines run as.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, definer: 'current' });
  const [user, host] = (await administratorOf(database)).split('@');
  t.like(await status({ connection: database.url }), {
    definer: `'${user}'@'${host}'`,
    upToDate: true,
  });
});

test("With definer 'current', a rollback to 0 leaves nothing.", async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, definer: 'current' });
  await rollback({ connection: database.url }, 0);
  t.deepEqual(await readCatalog(database), empty);
});

test('After a rollback to 0, a new installation has a locked definer again.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, definer: 'current' });
  await rollback({ connection: database.url }, 0);
  await install({ connection: database.url });
  t.deepEqual(await definersOf(database), [`${database.name}.sess_@localhost`]);
});

test("With definer 'current', the statements of a plan create what the installer creates.", async (t) => {
  const database = await createDatabase(t);
  const options = { connection: database.url, definer: 'current' } as const;
  await install(options);
  const expected = await readCatalog(database);
  await rollback(options, 0);
  await openDatabase(t, database.url).withConnection(async (connection) => {
    for (const statement of splitScript(
      planFresh({ database: database.name, definer: 'current' }),
    )) {
      await connection.query(statement);
    }
  });
  t.deepEqual(await readCatalog(database), expected);
});

test("With definer 'current', a new plan creates no account and grants nothing.", (t) => {
  t.notRegex(planFresh({ database: 'shop', definer: 'current' }), /CREATE USER|^GRANT|localhost/m);
});

test("An install with definer 'current' that failed halfway continues with the same choice.", async (t) => {
  const database = await createDatabase(t);
  const statements = splitScript(planFresh({ database: database.name, definer: 'current' }));
  const next = statements.findIndex((statement) =>
    statement.includes('TABLE IF NOT EXISTS `sessions` '),
  );
  t.true(next > 0);
  await openDatabase(t, database.url).withConnection(async (connection) => {
    for (const statement of statements.slice(0, next)) await connection.query(statement);
  });
  await install({ connection: database.url });
  t.deepEqual(await definersOf(database), [await administratorOf(database)]);
});

test("An install that may not name a definer can continue with definer 'current'.", async (t) => {
  const database = await createDatabase(t);
  const managed = await createManaged(database);
  await database.query(`GRANT CREATE USER ON *.* TO ${managed.name}`);
  await t.throwsAsync(install({ connection: managed.url }), {
    instanceOf: InstallationError,
    message: /lacks SET.* ON \*\.\*\. .*--definer current$/,
  });
  await install({ connection: managed.url, definer: 'current' });
  t.true((await status({ connection: managed.url })).upToDate);
});

test('A rollback to 0 drops the definer account of an earlier attempt.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  await install({ connection: database.url, definer: 'current' });
  await rollback({ connection: database.url }, 0);
  t.deepEqual(await readCatalog(database), empty);
});

test("An installation can change to definer 'current', and keeps its grants.", async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const account = await database.createAccount();
  await grant({ connection: database.url }, account.name);
  const before = (await grantsOf(database))[account.name];
  await install({ connection: database.url, definer: 'current' });
  t.deepEqual(await definersOf(database), [await administratorOf(database)]);
  t.deepEqual((await grantsOf(database))[account.name], before);
});

test('After the change, doctor notes the unused definer account, and its remedy drops it.', async (t) => {
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

test("With definer 'current', doctor notes the weaker protection, and reports no finding.", async (t) => {
  const { url } = await createDatabase(t);
  await install({ connection: url, definer: 'current' });
  const { checks, findings } = await doctor({ connection: url });
  t.is(findings, 0);
  t.regex(
    checks.find(({ area }) => area === 'definer')?.found ?? '',
    /which installed them \(--definer current\): .*read_only/,
  );
});

test('Doctor finds a dropped installer account, and the next install replaces it.', async (t) => {
  const database = await createDatabase(t);
  const managed = await createManaged(database);
  await install({ connection: managed.url, definer: 'current' });
  await database.query(`DROP USER ${managed.name}`);
  const { checks } = await doctor({ connection: database.url });
  const finding = checks.find(({ area, state }) => area === 'definer' && state === 'finding');
  t.like(finding, { area: 'definer', subject: `account ${managed.name}`, found: 'missing' });
  t.deepEqual(finding?.remedy, ['knex-mysql-session migrate']);
  await install({ connection: database.url });
  t.deepEqual(await definersOf(database), [await administratorOf(database)]);
  t.is((await doctor({ connection: database.url })).findings, 0);
});

test('If two accounts installed routines, the status names both.', async (t) => {
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

test("Installers that run at once all keep definer 'current'.", async (t) => {
  const database = await createDatabase(t);
  const { url } = database;
  await Promise.all([
    ...Array.from({ length: 5 }, () => install({ connection: url })),
    ...Array.from({ length: 5 }, () => install({ connection: url, definer: 'current' })),
  ]);
  t.deepEqual(await definersOf(database), [await administratorOf(database)]);
  t.deepEqual(await install({ connection: url }), []);
});

test("With definer 'current', the event runs as the installing account.", async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, definer: 'current', event: true });
  const rows = await database.query(
    'SELECT definer FROM information_schema.events WHERE event_schema = DATABASE()',
  );
  t.deepEqual(rows, [[await administratorOf(database)]]);
  t.deepEqual(await grantsOf(database), {});
});

test('Any other definer is an argument error.', async (t) => {
  const options: object = { connection: 'mysql://localhost/x', definer: 'root' };
  await t.throwsAsync(async () => install(options as Parameters<typeof install>[0]), {
    instanceOf: ArgumentError,
    message: 'Expected `definer` to be \'current\', or left out, got "root"',
  });
});
