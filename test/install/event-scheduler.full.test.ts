import test, { type ExecutionContext } from 'ava';
import { install, status } from '../../src/install';
import { processes } from '../support/connections';
import { createDatabase, openDatabase, type TestDatabase } from '../support/database';
import { bootServer, type Server } from '../support/servers';
import { eventually } from '../support/wait-until';
import { ids, writeSession } from './installation';

// These tests need a private server: the scheduler is a setting of the whole server.
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

/** Returns whether the event began a run after a time. */
async function hasRun({ url }: TestDatabase, since: number): Promise<boolean> {
  const { event } = await status({ connection: url });
  return Number(event?.lastExecuted) > since;
}

/** Returns whether the event is running: it has a connection as the definer. */
async function isRunning({ name, query }: TestDatabase): Promise<boolean> {
  return (await processes({ query })).some(({ user }) => user === `${name}.sess_`);
}

async function serverTime({ query }: TestDatabase): Promise<number> {
  const [row] = await query('SELECT UNIX_TIMESTAMP()');
  return Number(row?.[0]) * 1_000;
}

test.serial('The event deletes expired sessions and keeps live ones.', async (t) => {
  const database = await createInstallation(t);
  await writeSession(database, 'live', 3_600);
  await writeSession(database, 'old', -1);
  t.true(await eventually(async () => !(await ids(database)).includes('old')));
  t.deepEqual(await ids(database), ['live']);
});

test.serial('The event runs batch after batch until no expired session is left.', async (t) => {
  const database = await createInstallation(t, 86_400);
  await database.query(
    `INSERT INTO sessions
     WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 999)
     SELECT CONCAT('a', a.n, '-', b.n), '{}', UTC_TIMESTAMP(3) - INTERVAL 1 SECOND, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)
     FROM numbers AS a JOIN numbers AS b ON b.n <= 3`,
  );
  await install({ connection: database.url, event: { every: 86_399 } });
  t.true(await eventually(async () => (await ids(database)).length === 0));
});

test.serial('The event leaves a session that another transaction holds.', async (t) => {
  const database = await createInstallation(t);
  await writeSession(database, 'held', 5);
  await openDatabase(t, database.url).withConnection(async (other) => {
    await other.query('START TRANSACTION');
    const held = await other.query("SELECT sid FROM sessions WHERE sid = 'held' FOR UPDATE");
    t.deepEqual(held, [['held']]);
    const expired = 'SELECT COUNT(*) FROM sessions WHERE expired < UTC_TIMESTAMP(3)';
    t.true(await eventually(async () => Number((await database.query(expired))[0]?.[0]) === 1));
    await writeSession(database, 'old', -1);
    t.true(await eventually(async () => !(await ids(database)).includes('old')));
    t.deepEqual(await ids(database), ['held']);
    await other.query('COMMIT');
  });
  t.true(await eventually(async () => (await ids(database)).length === 0));
});

test.serial('The status shows that the event runs, and when it last ran.', async (t) => {
  const database = await createInstallation(t);
  const since = (await serverTime(database)) - 1;
  t.true(await eventually(() => hasRun(database, since)));
  const { event } = await status({ connection: database.url });
  t.like(event, { name: 'sess_gc', every: 1, running: true, problem: null });
  t.true(Math.abs(Number(event?.lastExecuted) - (await serverTime(database))) < 60_000);
});

test.serial('The event cleans up on a server without autocommit.', async (t) => {
  const database = await createInstallation(t, 86_400);
  await writeSession(database, 'old', -1);
  await database.query('SET GLOBAL autocommit = 0');
  t.teardown(() => database.query('SET GLOBAL autocommit = 1'));
  await install({ connection: database.url, event: { every: 1 } });
  t.true(await eventually(async () => (await ids(database)).length === 0));
});

test.serial(
  "Without the privilege EVENT, the definer's event does nothing, and the status says so.",
  async (t) => {
    const database = await createInstallation(t);
    await database.query(
      `REVOKE EVENT ON ${database.name}.* FROM \`${database.name}.sess_\`@localhost`,
    );
    // A run that has begun continues.
    t.true(await eventually(async () => !(await isRunning(database))));
    await writeSession(database, 'old', -1);
    const since = await serverTime(database);
    // The server still counts it as a run.
    t.true(await eventually(() => hasRun(database, since)));
    t.deepEqual(await ids(database), ['old']);
    t.like((await status({ connection: database.url })).event, {
      running: false,
      problem: 'The definer lost the privilege EVENT',
      remedy: ['knex-mysql-session migrate'],
    });
  },
);

test.serial('If the scheduler is off, the status says how to start it.', async (t) => {
  const database = await createInstallation(t);
  await database.query('SET GLOBAL event_scheduler = OFF');
  t.teardown(() => database.query('SET GLOBAL event_scheduler = ON'));
  const { event, upToDate } = await status({ connection: database.url });
  t.true(upToDate);
  t.false(event?.running);
  t.regex(String(event?.remedy), /^SET GLOBAL event_scheduler = ON;.*\[mysqld\]/);
});

test.serial('The remedy in the status starts the cleanup.', async (t) => {
  const database = await createInstallation(t);
  await database.query('SET GLOBAL event_scheduler = OFF');
  const { event } = await status({ connection: database.url });
  await database.query(event?.remedy[0]?.slice(0, -1) ?? '');
  await writeSession(database, 'old', -1);
  t.true(await eventually(async () => (await ids(database)).length === 0));
});

test.serial(
  'The status distinguishes a disabled scheduler from a scheduler that is off.',
  async (t) => {
    const other = await bootServer({ flags: ['--event-scheduler=DISABLED'] });
    t.teardown(() => other.stop());
    process.env.MYSQL_URL = other.url;
    t.teardown(() => {
      process.env.MYSQL_URL = server.url;
    });
    const { url } = await createDatabase(t);
    const { event } = await status({ connection: url, event: true });
    t.false(event?.running);
    t.regex(String(event?.problem), /disabled until a restart/);
  },
);

test.serial('A disabled scheduler does not prevent an install without an event.', async (t) => {
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
