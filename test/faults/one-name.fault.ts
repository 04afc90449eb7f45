import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { createConnection } from 'mysql2/promise';
import { grant, install } from '../../src/install';
import {
  bootReplicaPair,
  failoverStatements,
  type ReplicatedServer,
} from '../install/replica-pair';
import { createDatabase } from '../support/database';
import { startProxy } from '../support/proxy';
import { SharedScope } from '../support/scope';
import { bootProxy } from '../support/servers/proxies';
import { createInstallation, openDefaultStore } from '../support/store';
import { waitUntil } from '../support/wait-until';
import { atHost } from './cluster';
import { assertNothingLost, Visitors } from './visitors';

const visitorCount = 16;
const switches = 20;

interface Pair {
  readonly servers: [primary: ReplicatedServer, replica: ReplicatedServer];
  readonly accountUrl: string;
}

async function createPair(t: ExecutionContext): Promise<Pair> {
  const [primary, replica] = await bootReplicaPair(t);
  const { MYSQL_URL } = process.env;
  t.teardown(() => Object.assign(process.env, { MYSQL_URL }));
  process.env.MYSQL_URL = primary.url;
  // The database and its servers end together, and this server can end first.
  const { url, createAccount } = await createDatabase(new SharedScope());
  await install({ connection: url });
  const account = await createAccount();
  await grant({ connection: url }, account.name);
  await replica.catchUp(primary);
  return { servers: [primary, replica], accountUrl: account.url };
}

/** Protects the primary, promotes the replica when it has everything, and turns them round. */
async function switchOver(pair: Pair, lead: (to: ReplicatedServer) => unknown): Promise<void> {
  const [primary, replica] = pair.servers;
  const { protect, promote, rejoin } = failoverStatements[primary.flavor];
  await primary.run([protect]);
  await replica.catchUp(primary);
  await replica.run(promote);
  // The old primary stays read-only, and keeps its connections.
  await lead(replica);
  await primary.run(rejoin);
  await primary.follow(replica);
  pair.servers.reverse();
}

test.serial('No visit fails while one name leads to another server twenty times.', async (t) => {
  t.timeout(600_000);
  const pair = await createPair(t);
  const proxy = await startProxy(t, pair.accountUrl);
  const visitors = await Visitors.start(t, [openDefaultStore(t, proxy.url)], visitorCount);
  const result = await visitors.visitDuring(async () => {
    for (let round = 0; round < switches; round++) {
      await switchOver(pair, ({ url }) => proxy.leadTo(url));
      await visitors.waitForVisits();
    }
  });
  assertNothingLost(t, result);
});

test.serial('After a switch, a logout ends the session on the new server.', async (t) => {
  t.timeout(120_000);
  const pair = await createPair(t);
  const proxy = await startProxy(t, pair.accountUrl);
  const store = openDefaultStore(t, proxy.url);
  const expires = new Date(Date.now() + 600_000);
  for (let round = 0; round < 3; round++) {
    const sid = `sid-${round}`;
    await store.set(sid, { cookie: { originalMaxAge: null, expires } });
    await switchOver(pair, ({ url }) => proxy.leadTo(url));
    await store.destroy(sid);
    t.is(await store.get(sid), null);
  }
});

test.serial('No visit fails while the network forgets all connections twenty times.', async (t) => {
  t.timeout(600_000);
  const { accountUrl } = await createInstallation(t);
  const proxy = await startProxy(t, accountUrl);
  const visitors = await Visitors.start(t, [openDefaultStore(t, proxy.url)], visitorCount);
  for (let round = 0; round < switches; round++) {
    const before = await visitors.visitDuring(() => sleep(200));
    t.deepEqual([before.failures, before.wrongCounts], [[], []]);
    // All visits are over, so each connection is idle.
    proxy.forget();
  }
  const result = await visitors.visitDuring(() => visitors.waitForVisits());
  assertNothingLost(t, result);
  // Half of the retry budget. A visit on forgotten connections waits for a third.
  t.true(result.longest < 2_500, `${result.longest} ms`);
});

/** Tells HAProxy by HTTP whether a server takes writes, as the usual agents do. */
async function startHealthCheck(t: ExecutionContext, serverUrl: string): Promise<number> {
  const connection = await createConnection(serverUrl);
  t.teardown(() => connection.end());
  const agent = createServer(async (_, response) => {
    const [rows] = await connection.query({ sql: 'SELECT @@GLOBAL.read_only', rowsAsArray: true });
    response.writeHead(Number(Object(rows)[0][0]) === 0 ? 200 : 503).end();
  }).listen(0, '127.0.0.1');
  t.teardown(() => agent.close());
  await waitUntil(() => agent.listening);
  return (agent.address() as AddressInfo).port;
}

test.serial('No visit fails while HAProxy leads to another server twenty times.', async (t) => {
  t.timeout(600_000);
  const pair = await createPair(t);
  const targets = await Promise.all(
    pair.servers.map(async ({ url }) => ({ url, healthPort: await startHealthCheck(t, url) })),
  );
  const proxy = await bootProxy('haproxy', targets);
  t.teardown(proxy.stop);
  const store = openDefaultStore(t, atHost(pair.accountUrl, proxy.url));
  const visitors = await Visitors.start(t, [store], visitorCount);
  const result = await visitors.visitDuring(async () => {
    for (let round = 0; round < switches; round++) {
      // HAProxy finds out by itself.
      await switchOver(pair, () => undefined);
      await visitors.waitForVisits();
    }
  });
  assertNothingLost(t, result);
});
