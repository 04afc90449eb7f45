import test, { type ExecutionContext } from 'ava';
import { addAttribute, doctor, grant, install, status } from '../../src/install';
import { createDatabase } from '../support/database';
import { SharedScope } from '../support/scope';
import { formatFindings } from './doctor/remedies';
import { bootReplicaPair, failoverStatements, type ReplicatedServer } from './replica-pair';
import { openSessions, urlOf } from './restore/drill';

interface Pair {
  readonly primary: ReplicatedServer;
  readonly replica: ReplicatedServer;
  readonly database: string;
  readonly accountUrl: string;
}

/** Installs on the primary, creates a session, and waits until the replica has all of it. */
async function createPair(t: ExecutionContext): Promise<Pair> {
  const [primary, replica] = await bootReplicaPair(t);
  process.env.MYSQL_URL = primary.url;
  // The database and its servers end together, and this server can end first.
  const { name, url, createAccount } = await createDatabase(new SharedScope());
  await install({ connection: url, event: { every: 300 } });
  await addAttribute(
    { connection: url },
    { name: 'user_id', path: '$.userId', type: 'VARCHAR(64)' },
  );
  const account = await createAccount();
  await grant({ connection: url }, account.name);
  await grant({ connection: url }, account.name, 'find_user_id');
  await openSessions(t, account.url).set('kept', { userId: 'ada' }, 3_600_000);
  await replica.catchUp(primary);
  return { primary, replica, database: name, accountUrl: account.url };
}

function urlOn({ url }: ReplicatedServer, { database }: Pair): string {
  return urlOf(url, { name: database });
}

async function findingsOn(server: ReplicatedServer, pair: Pair): Promise<string[]> {
  return formatFindings(await doctor({ connection: urlOn(server, pair) }));
}

function eventStateOn(server: ReplicatedServer, { database }: Pair): Promise<unknown> {
  return server.ask(
    "SELECT status FROM information_schema.events WHERE event_schema = ? AND event_name = 'sess_gc'",
    [database],
  );
}

async function assertSessionsWork(
  t: ExecutionContext,
  server: ReplicatedServer,
  { accountUrl }: Pair,
): Promise<void> {
  const sessions = openSessions(t, urlOf(accountUrl, { host: new URL(server.url).host }));
  t.is((await sessions.get('kept'))?.userId, 'ada');
  await sessions.set('new', { userId: 'eve' }, 60_000);
  await sessions.destroy('new');
  t.is(await sessions.get('new'), null);
}

const disabledOnReplica = /^(SLAVESIDE|REPLICA_SIDE)_DISABLED$/;

test.serial(
  'A replica has everything but a running event, and doctor finds nothing.',
  async (t) => {
    const pair = await createPair(t);
    const { primary, replica } = pair;
    t.regex(String(await eventStateOn(replica, pair)), disabledOnReplica);
    t.deepEqual(await findingsOn(replica, pair), []);
    t.deepEqual((await status({ connection: urlOn(replica, pair) })).grants.length, 2);
    t.deepEqual(await findingsOn(primary, pair), []);
  },
);

test.serial('After a crash, one migrate on the promoted replica starts the event.', async (t) => {
  const pair = await createPair(t);
  const { primary, replica } = pair;
  await primary.stop();
  await replica.run(failoverStatements[replica.flavor].promote);
  // The application need not wait for migrate.
  await assertSessionsWork(t, replica, pair);
  t.regex(String(await eventStateOn(replica, pair)), disabledOnReplica);
  t.deepEqual(await install({ connection: urlOn(replica, pair) }), ['events/sess_gc']);
  t.is(await eventStateOn(replica, pair), 'ENABLED');
  t.deepEqual(await findingsOn(replica, pair), []);
  await assertSessionsWork(t, replica, pair);
});

test.serial(
  'After a switchover, the old primary rejoins, and one migrate is enough.',
  async (t) => {
    const pair = await createPair(t);
    const { primary, replica } = pair;
    const { protect, rejoin, promote } = failoverStatements[primary.flavor];
    await primary.run([protect]);
    await replica.catchUp(primary);
    await replica.run(promote);
    await primary.run(rejoin);
    await primary.follow(replica);
    t.deepEqual(await install({ connection: urlOn(replica, pair) }), ['events/sess_gc']);
    await assertSessionsWork(t, replica, pair);
    await primary.catchUp(replica);
    // An event that runs on both servers would break the replication.
    t.is(await eventStateOn(replica, pair), 'ENABLED');
    t.regex(String(await eventStateOn(primary, pair)), disabledOnReplica);
    for (const server of [primary, replica]) t.deepEqual(await findingsOn(server, pair), []);
  },
);
