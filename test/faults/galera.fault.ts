import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { openDatabase } from '../database';
import type { ClusterNode } from '../servers/cluster-node';
import { bootCluster } from '../servers/galera';
import { createInstallation, idsIn, moveExpiry, session } from '../store';
import { hang, openStores, signal } from './cluster';
import { startProxy } from './proxy';
import { assertWell, Visitors } from './visitors';

const visitors = 16;

let nodes: readonly ClusterNode[] = [];

test.before(async (t) => {
  t.timeout(120_000);
  nodes = await bootCluster();
  process.env.MYSQL_URL = nodes[0]?.url;
});
test.after.always(() => Promise.all(nodes.map((node) => node.stop())));

async function createCluster(t: ExecutionContext) {
  const installation = await createInstallation(t);
  return { ...installation, stores: openStores(t, nodes, installation.accountUrl) };
}

/** Waits until every node says that all are there, and in step. */
async function whole(t: ExecutionContext): Promise<void> {
  for (const end = Date.now() + 90_000; ; await sleep(200)) {
    const sizes = await Promise.all(nodes.map((node) => sizeSeenBy(t, node).catch(() => 0)));
    if (sizes.every((size) => size === nodes.length)) {
      return;
    }
    if (Date.now() > end) {
      throw new Error(`The nodes see ${sizes.join(', ')} of ${nodes.length}`);
    }
  }
}

/** How many nodes there are by the word of one that is in step; 0 by one that is not. */
async function sizeSeenBy(t: ExecutionContext, { url }: ClusterNode): Promise<number> {
  const database = openDatabase(t, url);
  try {
    const rows = await database.query(
      "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_cluster_size', 'wsrep_local_state_comment')",
      undefined,
      performance.now() + 2_000,
    );
    const status = new Map(rows.map(([name, value]) => [String(name), String(value)]));
    return status.get('wsrep_local_state_comment') === 'Synced'
      ? Number(status.get('wsrep_cluster_size'))
      : 0;
  } finally {
    await database.close();
  }
}

test.serial('What is written through one node is read through any other, at once.', async (t) => {
  t.timeout(300_000);
  const { stores } = await createCluster(t);
  const guests = await Visitors.invite(t, stores, visitors);
  const visits = await guests.during(() => sleep(15_000));
  assertWell(t, visits);
  t.true(visits.answered > 200);
});

test.serial('A session that was ended through one node is ended on every other.', async (t) => {
  t.timeout(300_000);
  const { stores, ...installation } = await createCluster(t);
  let back = 0;
  for (let round = 0; round < 500; round++) {
    const [one, other] = [stores[round % 3], stores[(round + 1) % 3]];
    await one?.set(`s${round}`, session());
    await other?.destroy(`s${round}`);
    back += (await one?.get(`s${round}`)) === null ? 0 : 1;
  }
  t.is(back, 0);
  t.deepEqual(await idsIn(installation), []);
});

test.serial('A node that is killed under load, five times, costs nothing but time.', async (t) => {
  t.timeout(600_000);
  const { stores } = await createCluster(t);
  const guests = await Visitors.invite(t, stores, visitors);
  let kills = 0;
  const visits = await guests.during(async () => {
    for (; kills < 5; kills++) {
      await sleep(1_000);
      await signal(nodes[kills % nodes.length], 'SIGKILL');
      await sleep(6_000);
      await whole(t);
    }
  });
  t.is(kills, 5);
  assertWell(t, visits);
});

test.serial('A node that hangs costs nothing but time.', async (t) => {
  t.timeout(300_000);
  const { accountUrl } = await createInstallation(t);
  const proxies = await Promise.all(nodes.map(({ url }) => startProxy(t, url)));
  const stores = openStores(t, proxies, accountUrl, {}, 4);
  const guests = await Visitors.invite(t, stores, visitors);
  const visits = await guests.during(async () => {
    await sleep(1_000);
    await hang(nodes[0], proxies[0], 10_000);
    await whole(t);
  });
  assertWell(t, visits);
});

test.serial(
  'Without a quorum, visits fail within bounds; once it is back, nothing that was acknowledged is lost.',
  async (t) => {
    t.timeout(300_000);
    const { stores } = await createCluster(t);
    const guests = await Visitors.invite(t, stores, visitors);
    let answeredWithout = 0;
    const { answered, failures, breaks, longest } = await guests.during(async () => {
      await sleep(1_000);
      await signal(nodes[1], 'SIGSTOP');
      await signal(nodes[2], 'SIGSTOP');
      await sleep(5_000);
      const before = guests.answered;
      await sleep(10_000);
      answeredWithout = guests.answered - before;
      await signal(nodes[1], 'SIGCONT');
      await signal(nodes[2], 'SIGCONT');
      await whole(t);
      await sleep(2_000);
    });
    t.log(`${answered} visits, ${failures.length} failures, the longest visit ${longest} ms`);
    t.is(answeredWithout, 0);
    t.true(failures.length > 0);
    t.deepEqual(breaks, []);
    // Each of the calls of a visit, a get and a save, has the budget of five seconds.
    t.true(longest < 12_000);
  },
);

test.serial('Cleanups through all nodes at once delete every expired session, and none fails.', async (t) => {
  t.timeout(300_000);
  const { stores, ...installation } = await createCluster(t);
  const count = 3_000;
  await Promise.all(Array.from({ length: count }, (_, index) => stores[0]?.set(`s${index}`, session())));
  await moveExpiry(installation, -1_000);
  const deleted = await Promise.all(stores.map((store) => store.gc()));
  t.log(`deleted through each: ${deleted.join(', ')}`);
  t.deepEqual(await idsIn(installation), []);
});
