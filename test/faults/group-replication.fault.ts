import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { CallEvent } from '../../src';
import { openDatabase } from '../database';
import type { ClusterNode } from '../servers/cluster-node';
import { bootGroup } from '../servers/group-replication';
import { createInstallation, session } from '../store';
import { until } from '../until';
import { hang, openStores, signal } from './cluster';
import { startProxy } from './proxy';
import { assertWell, Visitors } from './visitors';

const visitors = 16;

/** A group takes seven seconds to find a new primary. */
const retryBudget = 15_000;

async function createGroup(t: ExecutionContext, isMultiPrimary: boolean) {
  const nodes = await bootGroup(isMultiPrimary);
  t.teardown(() => Promise.all(nodes.map((node) => node.stop())));
  await until(() => isWhole(t, nodes), 100);
  process.env.MYSQL_URL = nodes[0]?.url;
  // It goes with the group: the member that it was made through may be gone before.
  const { accountUrl } = await createInstallation({ teardown: () => undefined });
  return { nodes, accountUrl, stores: openStores(t, nodes, accountUrl, { retryBudget }) };
}

async function isWhole(t: ExecutionContext, nodes: readonly ClusterNode[]): Promise<boolean> {
  const states = await Promise.all(
    nodes.map(async ({ url }) => {
      const database = openDatabase(t, url);
      const [row] = await database.query(
        "SELECT COUNT(*) FROM performance_schema.replication_group_members WHERE member_state = 'ONLINE'",
      );
      await database.close();
      return Number(row?.[0]);
    }),
  );
  return states.every((online) => online === nodes.length);
}

test.serial('A primary that is killed is followed by another, and costs nothing but time.', async (t) => {
  t.timeout(300_000);
  const { nodes, stores } = await createGroup(t, false);
  const guests = await Visitors.invite(t, stores, visitors);
  const visits = await guests.during(async () => {
    await sleep(2_000);
    await signal(nodes[0], 'SIGKILL');
    await sleep(retryBudget);
  });
  assertWell(t, visits);
});

test.serial('A primary that hands over, and then goes offline, costs nothing but time.', async (t) => {
  t.timeout(300_000);
  const { nodes, stores } = await createGroup(t, false);
  const [first, second] = nodes.map(({ url }) => openDatabase(t, url));
  const guests = await Visitors.invite(t, stores, visitors);
  const visits = await guests.during(async () => {
    await sleep(1_000);
    const [row] = (await second?.query('SELECT @@server_uuid')) ?? [];
    await first?.query('SELECT group_replication_set_as_primary(?)', [String(row?.[0])]);
    await guests.allServed();
    for (const member of [first, second]) {
      await member?.query('SET GLOBAL offline_mode = ON');
      await member?.query('STOP GROUP_REPLICATION');
      await guests.allServed();
    }
  });
  assertWell(t, visits);
});

test.serial('What a primary refuses as it leaves its group is repeated on another.', async (t) => {
  t.timeout(300_000);
  const { nodes, stores } = await createGroup(t, false);
  const [first] = nodes.map(({ url }) => openDatabase(t, url));
  const guests = await Visitors.invite(t, stores, visitors);
  const { answered, failures } = await guests.during(async () => {
    await sleep(1_000);
    await first?.query('STOP GROUP_REPLICATION');
    await guests.allServed();
  });
  t.log(`${answered} visits`);
  // What it still answered may have been old: whoever takes a member out of its group has it offline first.
  t.deepEqual(failures, []);
});

test.serial('A primary that hangs until another is in its place costs nothing but time.', async (t) => {
  t.timeout(300_000);
  const { nodes, accountUrl } = await createGroup(t, false);
  const proxies = await Promise.all(nodes.map(({ url }) => startProxy(t, url)));
  const stores = openStores(t, proxies, accountUrl, { retryBudget }, 4);
  const guests = await Visitors.invite(t, stores, visitors);
  const visits = await guests.during(async () => {
    await sleep(2_000);
    await hang(nodes[0], proxies[0], retryBudget);
    await sleep(retryBudget);
  });
  assertWell(t, visits);
});

test.serial(
  'Where all members take writes, what is written through one is read through any other.',
  async (t) => {
    t.timeout(300_000);
    const { nodes, stores } = await createGroup(t, true);
    const guests = await Visitors.invite(t, stores, visitors);
    const visits = await guests.during(async () => {
      await sleep(10_000);
      await signal(nodes[0], 'SIGKILL');
      await sleep(10_000);
    });
    assertWell(t, visits);
  },
);

test.serial(
  'What is written through all members at once meets as they commit, and is repeated.',
  async (t) => {
    t.timeout(300_000);
    const { stores } = await createGroup(t, true);
    let repeated = 0;
    const count = (message: unknown) => {
      repeated += (message as CallEvent).retries;
    };
    subscribe('knex-mysql-session:call', count);
    t.teardown(() => unsubscribe('knex-mysql-session:call', count));
    for (let round = 0; round < 200; round++) {
      await Promise.all(stores.map((store, index) => store.set('sid', session(index))));
    }
    t.log(`${repeated} repeated calls`);
    t.true(repeated > 0);
    const values = await Promise.all(stores.map(async (store) => (await store.get('sid'))?.value));
    t.is(typeof values[0], 'number');
    t.is(new Set(values).size, 1);
  },
);
