import test, { type ExecutionContext } from 'ava';
import { install, status } from '../../src/install';
import { createDatabase, openDatabase, type TestDatabase } from '../database';
import { bootServer, type Server } from '../servers';
import { soon } from '../servers/helpers/soon';
import { ids, writeSession } from './installation';

// A server of one's own, because the scheduler is a setting of the whole server.
let server: Server;
test.before(async () => {
  server = await bootServer({ flags: ['--event-scheduler=ON'] });
  process.env.MYSQL_URL = server.url;
});
test.after.always(() => server?.stop());

async function createInstallation(t: ExecutionContext, every = 1): Promise<TestDatabase> {
  const database = await createDatabase(t);
  await install({ connection: database.url, event: { every } });
  return database;
}

/** Whether the event has run since; a run that was under way does not count. */
async function hasRun({ url }: TestDatabase, since: number): Promise<boolean> {
  const { event } = await status({ connection: url });
  return Number(event?.lastExecuted) > since;
}

/** Whether a run is under way, by the account of this database's definer. */
async function isRunning({ name, query }: TestDatabase): Promise<boolean> {
  const [row] = await query('SELECT COUNT(*) FROM information_schema.processlist WHERE user = ?', [
    `${name}.sess_`,
  ]);
  return Number(row?.[0]) > 0;
}

async function serverTime({ query }: TestDatabase): Promise<number> {
  const [row] = await query('SELECT UNIX_TIMESTAMP()');
  return Number(row?.[0]) * 1_000;
}

test.serial('The event deletes expired sessions, and live ones stay.', async (t) => {
  const database = await createInstallation(t);
  await writeSession(database, 'live', 3_600);
  await writeSession(database, 'old', -1);
  t.true(await soon(async () => !(await ids(database)).includes('old')));
  t.deepEqual(await ids(database), ['live']);
});

test.serial('The event goes on from batch to batch until nothing is left.', async (t) => {
  const database = await createInstallation(t, 86_400);
  await database.query(
    `INSERT INTO sessions
     WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 999)
     SELECT CONCAT('a', a.n, '-', b.n), '{}', UTC_TIMESTAMP(3) - INTERVAL 1 SECOND, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)
     FROM numbers AS a JOIN numbers AS b ON b.n <= 3`,
  );
  await install({ connection: database.url, event: { every: 86_399 } });
  t.true(await soon(async () => (await ids(database)).length === 0));
});

test.serial('The event does nothing while another cleanup is under way, and goes on later.', async (t) => {
  const database = await createInstallation(t);
  await openDatabase(t, database.url).withConnection(async (other) => {
    const lock = "CONCAT('sess_gc:', SHA2(CONCAT(DATABASE(), '.`sessions`'), 224))";
    t.deepEqual(await other.query(`SELECT GET_LOCK(${lock}, 10)`), [[1]]);
    await writeSession(database, 'old', -1);
    const since = await serverTime(database);
    t.true(await soon(() => hasRun(database, since)));
    t.deepEqual(await ids(database), ['old']);
    await other.query(`DO RELEASE_LOCK(${lock})`);
  });
  t.true(await soon(async () => (await ids(database)).length === 0));
});

test.serial('A run ends at once where another cleanup is under way.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  await writeSession(database, 'old', -1);
  await openDatabase(t, database.url).withConnection(async (other) => {
    await other.query("DO GET_LOCK(CONCAT('sess_gc:', SHA2(CONCAT(DATABASE(), '.`sessions`'), 224)), 10)");
    const since = await serverTime(database);
    await install({ connection: database.url, event: { every: 86_400 } });
    t.true(await soon(() => hasRun(database, since - 1)));
    const runs = 'SELECT COUNT(*) FROM information_schema.processlist WHERE user = ?';
    t.true(
      await soon(async () => Number((await database.query(runs, [`${database.name}.sess_`]))[0]?.[0]) === 0),
    );
  });
});

test.serial('An event that runs is running, for status, and tells when it last did.', async (t) => {
  const database = await createInstallation(t);
  const since = (await serverTime(database)) - 1;
  t.true(await soon(() => hasRun(database, since)));
  const { event } = await status({ connection: database.url });
  t.like(event, { name: 'sess_gc', every: 1, running: true, trouble: null });
  t.true(Math.abs(Number(event?.lastExecuted) - (await serverTime(database))) < 60_000);
});

test.serial('The event cleans up where nothing is committed by itself.', async (t) => {
  const database = await createInstallation(t, 86_400);
  await writeSession(database, 'old', -1);
  await database.query('SET GLOBAL autocommit = 0');
  t.teardown(() => database.query('SET GLOBAL autocommit = 1'));
  await install({ connection: database.url, event: { every: 1 } });
  t.true(await soon(async () => (await ids(database)).length === 0));
});

test.serial('Without the right to run events, the definer runs none, and status says so.', async (t) => {
  const database = await createInstallation(t);
  await database.query(`REVOKE EVENT ON ${database.name}.* FROM \`${database.name}.sess_\`@localhost`);
  // One that is under way goes on.
  t.true(await soon(async () => !(await isRunning(database))));
  await writeSession(database, 'old', -1);
  const since = await serverTime(database);
  // The server counts it as a run all the same.
  t.true(await soon(() => hasRun(database, since)));
  t.deepEqual(await ids(database), ['old']);
  t.like((await status({ connection: database.url })).event, {
    running: false,
    trouble: 'The account that it runs as has lost the right to it: run knex-mysql-session migrate',
  });
});

test.serial('Where the scheduler is off, status says so, and how to switch it on.', async (t) => {
  const database = await createInstallation(t);
  await database.query('SET GLOBAL event_scheduler = OFF');
  t.teardown(() => database.query('SET GLOBAL event_scheduler = ON'));
  const { event, upToDate } = await status({ connection: database.url });
  t.true(upToDate);
  t.false(event?.running);
  t.regex(String(event?.trouble), /SET GLOBAL event_scheduler = ON.*\[mysqld\]/);
});

test.serial('What status tells to do switches the cleanup on.', async (t) => {
  const database = await createInstallation(t);
  await database.query('SET GLOBAL event_scheduler = OFF');
  const { event } = await status({ connection: database.url });
  await database.query(/SET GLOBAL \w+ = \w+/.exec(String(event?.trouble))?.[0] ?? '');
  await writeSession(database, 'old', -1);
  t.true(await soon(async () => (await ids(database)).length === 0));
});

test.serial('A scheduler that is disabled until a restart is told from one that is off.', async (t) => {
  const other = await bootServer({ flags: ['--event-scheduler=DISABLED'] });
  t.teardown(() => other.stop());
  process.env.MYSQL_URL = other.url;
  t.teardown(() => {
    process.env.MYSQL_URL = server.url;
  });
  const { url } = await createDatabase(t);
  const { event } = await status({ connection: url, event: true });
  t.false(event?.running);
  t.regex(String(event?.trouble), /disabled until a restart/);
});

test.serial('A scheduler that is disabled keeps nobody from installing without an event.', async (t) => {
  const other = await bootServer({ flags: ['--event-scheduler=DISABLED'] });
  t.teardown(() => other.stop());
  process.env.MYSQL_URL = other.url;
  t.teardown(() => {
    process.env.MYSQL_URL = server.url;
  });
  const { url } = await createDatabase(t);
  await install({ connection: url });
  t.deepEqual(await install({ connection: url, event: false }), []);
});
