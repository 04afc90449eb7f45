import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { SessionData } from 'express-session';
import type { SessionOptions } from '../../src/options/store-options';
import { openDatabase } from '../support/database';
import { startProxy } from '../support/proxy';
import { createInstallation, idsIn, patientBudget, session, setExpiry } from '../support/store';
import { hangNode, openStores, sendSignal } from './cluster';
import { bootGaleraCluster, type ClusterNode } from './cluster-servers';
import { assertNothingLost, Visitors } from './visitors';

const visitorCount = 16;

let nodes: readonly ClusterNode[] = [];

test.before(async (t) => {
  t.timeout(120_000);
  nodes = await bootGaleraCluster();
  process.env.MYSQL_URL = nodes[0]?.url;
});
test.after.always(() => Promise.all(nodes.map((node) => node.stop())));

async function createCluster(t: ExecutionContext, options?: SessionOptions<SessionData>) {
  const installation = await createInstallation(t);
  return { ...installation, stores: openStores(t, nodes, installation.accountUrl, options) };
}

/** Waits until each node is in sync and sees all nodes. */
async function waitForAllNodes(t: ExecutionContext): Promise<void> {
  for (const end = Date.now() + 90_000; ; await sleep(200)) {
    const sizes = await Promise.all(nodes.map((node) => clusterSizeOn(t, node).catch(() => 0)));
    if (sizes.every((size) => size === nodes.length)) {
      return;
    }
    if (Date.now() > end) {
      throw new Error(`The nodes see ${sizes.join(', ')} of ${nodes.length} nodes`);
    }
  }
}

/** Returns the number of nodes that a node sees, or 0 if the node is not in sync. */
async function clusterSizeOn(t: ExecutionContext, { url }: ClusterNode): Promise<number> {
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

test.serial('A write through one node is at once visible through every other node.', async (t) => {
  t.timeout(300_000);
  const { stores } = await createCluster(t);
  const visitors = await Visitors.start(t, stores, visitorCount);
  const result = await visitors.visitDuring(() => sleep(15_000));
  assertNothingLost(t, result);
  t.true(result.succeeded > 200);
});

test.serial('A session that one node destroyed is gone on every other node.', async (t) => {
  t.timeout(300_000);
  const { stores, ...installation } = await createCluster(t);
  let restored = 0;
  for (let round = 0; round < 500; round++) {
    const [first, second] = [stores[round % 3], stores[(round + 1) % 3]];
    await first?.set(`s${round}`, session());
    await second?.destroy(`s${round}`);
    restored += (await first?.get(`s${round}`)) === null ? 0 : 1;
  }
  t.is(restored, 0);
  t.deepEqual(await idsIn(installation), []);
});

test.serial('No visit fails while nodes are killed five times under load.', async (t) => {
  t.timeout(600_000);
  const { stores } = await createCluster(t);
  const visitors = await Visitors.start(t, stores, visitorCount);
  let kills = 0;
  const result = await visitors.visitDuring(async () => {
    for (; kills < 5; kills++) {
      await sleep(1_000);
      await sendSignal(nodes[kills % nodes.length], 'SIGKILL');
      await sleep(6_000);
      await waitForAllNodes(t);
    }
  });
  t.is(kills, 5);
  assertNothingLost(t, result);
});

test.serial('No visit fails while a node hangs.', async (t) => {
  t.timeout(300_000);
  const { accountUrl } = await createInstallation(t);
  const proxies = await Promise.all(nodes.map(({ url }) => startProxy(t, url)));
  const stores = openStores(t, proxies, accountUrl, {}, 4);
  const visitors = await Visitors.start(t, stores, visitorCount);
  const result = await visitors.visitDuring(async () => {
    await sleep(1_000);
    await hangNode(nodes[0], proxies[0], 10_000);
    await waitForAllNodes(t);
  });
  assertNothingLost(t, result);
});

test.serial(
  'Without a quorum, visits fail in time, and no acknowledged save is lost.',
  async (t) => {
    t.timeout(300_000);
    const { stores } = await createCluster(t);
    const visitors = await Visitors.start(t, stores, visitorCount);
    let succeededWithoutQuorum = 0;
    const { succeeded, failures, wrongCounts, longest } = await visitors.visitDuring(async () => {
      await sleep(1_000);
      await sendSignal(nodes[1], 'SIGSTOP');
      await sendSignal(nodes[2], 'SIGSTOP');
      await sleep(5_000);
      const before = visitors.succeeded;
      await sleep(10_000);
      succeededWithoutQuorum = visitors.succeeded - before;
      await sendSignal(nodes[1], 'SIGCONT');
      await sendSignal(nodes[2], 'SIGCONT');
      await waitForAllNodes(t);
      await sleep(2_000);
    });
    t.log(`${succeeded} visits, ${failures.length} failures, the longest visit ${longest} ms`);
    t.is(succeededWithoutQuorum, 0);
    t.true(failures.length > 0);
    t.deepEqual(wrongCounts, []);
    // A visit is a get and a save, each with a retry budget of five seconds.
    t.true(longest < 12_000);
  },
);

test.serial('Simultaneous cleanups through all nodes delete every expired session.', async (t) => {
  t.timeout(300_000);
  // Two nodes that delete the same sessions conflict, and one repeats its batch.
  const { stores, ...installation } = await createCluster(t, { retryBudget: patientBudget });
  const count = 3_000;
  await Promise.all(
    Array.from({ length: count }, (_, index) => stores[0]?.set(`s${index}`, session())),
  );
  await setExpiry(installation, -1_000);
  const deleted = await Promise.all(stores.map((store) => store.gc()));
  t.log(`deleted through each node: ${deleted.join(', ')}`);
  t.deepEqual(await idsIn(installation), []);
});
