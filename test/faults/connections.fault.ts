import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import knexFactory from 'knex';
import { type Connection, createConnection } from 'mysql2/promise';
import { MySQLSessionStore } from '../../src';
import { grant } from '../../src/install';
import { connectionsOf } from '../connections';
import { onServerWith } from '../matrix/private-server';
import { createInstallation, openStore } from '../store';
import { startProxy } from './proxy';
import { assertWell, Visitors } from './visitors';

const visitors = 16;

/** Takes connections until the server has no more of them. */
async function crowdIn(url: string): Promise<Connection[]> {
  const crowd: Connection[] = [];
  for (;;) {
    try {
      crowd.push(await createConnection(url));
    } catch {
      return crowd;
    }
  }
}

test.serial('A thousand connections that the server kills at random cost nothing but time.', async (t) => {
  t.timeout(600_000);
  const installation = await createInstallation(t);
  const guests = await Visitors.invite(t, [openStore(t, installation.accountUrl)], visitors);
  let kills = 0;
  const visits = await guests.during(async () => {
    while (kills < 1_000) {
      const connections = await connectionsOf(installation);
      const victim = connections[Math.floor(Math.random() * connections.length)];
      if (victim === undefined) {
        await sleep(5);
        continue;
      }
      // It may be gone by itself, and then it does not count.
      kills += await installation.query(`KILL ${victim}`).then(
        () => 1,
        () => 0,
      );
      await sleep(20 * Math.random());
    }
  });
  t.is(kills, 1_000);
  assertWell(t, visits);
});

test.serial('A server that ends what is idle for a second is not felt.', async (t) => {
  t.timeout(120_000);
  await onServerWith(t, ['--wait-timeout=1']);
  const { accountUrl } = await createInstallation(t);
  const guests = await Visitors.invite(t, [openStore(t, accountUrl)], visitors);
  for (let round = 0; round < 10; round++) {
    // Some of them just as the server ends them.
    await sleep(980 + 10 * round);
    const { failures, breaks } = await guests.during(() => sleep(20));
    t.deepEqual([failures, breaks], [[], []]);
  }
});

test.serial('Where all connections of the server are taken, visits wait until some are free.', async (t) => {
  t.timeout(120_000);
  await onServerWith(t, ['--max-connections=12']);
  const installation = await createInstallation(t);
  const stranger = await installation.createAccount();
  await grant({ connection: installation.url }, stranger.name, 'application');
  // The administrator's connection, which is kept: the one more that the server has for it may be taken by whoever is refused.
  await installation.query('DO 0');
  const guests = await Visitors.invite(t, [openStore(t, installation.accountUrl)], visitors);
  const visits = await guests.during(async () => {
    for (let round = 0; round < 5; round++) {
      const crowd = await crowdIn(stranger.url);
      // Those of the store, until hardly any are left to it.
      while (crowd.length < 10) {
        const [id] = await connectionsOf(installation);
        await installation.query(`KILL ${id}`).catch(() => undefined);
        crowd.push(...(await crowdIn(stranger.url)));
      }
      await sleep(1_000);
      await Promise.all(crowd.map((connection) => connection.end()));
      await guests.allServed();
    }
  });
  assertWell(t, visits);
});

test.serial(
  'Where the application has taken its whole pool, visits wait until some of it is free.',
  async (t) => {
    t.timeout(120_000);
    const { accountUrl } = await createInstallation(t);
    const knex = knexFactory({
      client: 'mysql2',
      connection: { uri: accountUrl, charset: 'utf8mb4' },
      pool: { min: 0, max: 4 },
    });
    t.teardown(() => knex.destroy());
    const store = new MySQLSessionStore({ knex, disableDbCleanup: true });
    t.teardown(() => store.close());
    const guests = await Visitors.invite(t, [store], visitors);
    const visits = await guests.during(async () => {
      for (let round = 0; round < 5; round++) {
        const taken = await Promise.all(Array.from({ length: 4 }, () => knex.client.acquireConnection()));
        await sleep(1_000);
        await Promise.all(taken.map((connection) => knex.client.releaseConnection(connection)));
        await sleep(100);
      }
    });
    assertWell(t, visits);
  },
);

test.serial('A network that is cut and mended costs nothing but time.', async (t) => {
  t.timeout(120_000);
  const { accountUrl } = await createInstallation(t);
  const proxy = await startProxy(t, accountUrl);
  const guests = await Visitors.invite(t, [openStore(t, proxy.url)], visitors);
  const visits = await guests.during(async () => {
    for (let round = 0; round < 20; round++) {
      proxy.cut();
      await sleep(100 * (round % 10));
      proxy.mend();
      await guests.allServed();
    }
  });
  assertWell(t, visits);
});

test.serial('A network that stalls for less than the budget costs nothing but time.', async (t) => {
  t.timeout(120_000);
  const { accountUrl } = await createInstallation(t);
  const proxy = await startProxy(t, accountUrl);
  const guests = await Visitors.invite(t, [openStore(t, proxy.url)], visitors);
  const visits = await guests.during(async () => {
    for (let round = 0; round < 5; round++) {
      await sleep(500);
      proxy.stall();
      await sleep(3_000);
      proxy.resume();
    }
  });
  assertWell(t, visits);
});

test.serial(
  'While the network stalls for longer, each visit fails within the budget; then all go on.',
  async (t) => {
    t.timeout(120_000);
    const { accountUrl } = await createInstallation(t);
    const proxy = await startProxy(t, accountUrl);
    const retryBudget = 1_000;
    const guests = await Visitors.invite(t, [openStore(t, proxy.url, { retryBudget })], visitors);
    const { answered, failures, breaks, longest } = await guests.during(async () => {
      await sleep(500);
      proxy.stall();
      await sleep(10_000);
      proxy.resume();
      await sleep(2_000);
    });
    t.log(`${answered} visits, ${failures.length} failures, the longest visit ${longest} ms`);
    t.true(failures.length > 0);
    t.true(failures.every((failure) => failure.includes('RetryBudgetError')));
    t.deepEqual(breaks, []);
    // A visit is a get and a save, each with the budget, and a bit for the machine.
    t.true(longest < 2 * retryBudget + 1_000);
    const recovered = await guests.during(() => sleep(1_000));
    t.is(recovered.failures.length, failures.length);
  },
);
