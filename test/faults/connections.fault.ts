import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import knexFactory from 'knex';
import { type Connection, createConnection } from 'mysql2/promise';
import { MySQLSessionStore } from '../../src';
import type { Row } from '../../src/database/connection';
import { grant } from '../../src/install';
import { bootForTest } from '../support/boot';
import { connectionIds } from '../support/connections';
import { startProxy } from '../support/proxy';
import { createInstallation, openDefaultStore } from '../support/store';
import { assertNothingLost, Visitors } from './visitors';

const visitorCount = 16;

/** Opens connections until the server accepts no more. */
async function openAllConnections(url: string): Promise<Connection[]> {
  const connections: Connection[] = [];
  for (;;) {
    try {
      connections.push(await createConnection(url));
    } catch {
      return connections;
    }
  }
}

test.serial('No visit fails while the server kills a thousand random connections.', async (t) => {
  t.timeout(600_000);
  const installation = await createInstallation(t);
  const visitors = await Visitors.start(
    t,
    [openDefaultStore(t, installation.accountUrl)],
    visitorCount,
  );
  let kills = 0;
  const result = await visitors.visitDuring(async () => {
    while (kills < 1_000) {
      const connections = await connectionIds(installation);
      const victim = connections[Math.floor(Math.random() * connections.length)];
      if (victim === undefined) {
        await sleep(5);
        continue;
      }
      // If the connection has already ended, the kill fails and does not count.
      kills += await installation.query(`KILL ${victim}`).then(
        () => 1,
        () => 0,
      );
      await sleep(20 * Math.random());
    }
  });
  t.is(kills, 1_000);
  assertNothingLost(t, result);
});

test.serial(
  'No visit fails if the server closes connections that are idle for a second.',
  async (t) => {
    t.timeout(120_000);
    await bootForTest(t, ['--wait-timeout=1']);
    const { accountUrl } = await createInstallation(t);
    const visitors = await Visitors.start(t, [openDefaultStore(t, accountUrl)], visitorCount);
    for (let round = 0; round < 10; round++) {
      // Some visits start exactly when the server closes their connections.
      await sleep(980 + 10 * round);
      const { failures, wrongCounts } = await visitors.visitDuring(() => sleep(20));
      t.deepEqual([failures, wrongCounts], [[], []]);
    }
  },
);

test.serial(
  'If all connections of the server are in use, visits wait for a free one.',
  async (t) => {
    t.timeout(120_000);
    await bootForTest(t, ['--max-connections=12']);
    const installation = await createInstallation(t);
    const otherAccount = await installation.createAccount();
    await grant({ connection: installation.url }, otherAccount.name, 'application');
    // Opens the DBA's connection early, and keeps it: a pool drops one after a failed KILL. A
    // client that the server is about to refuse can occupy the one that it reserves for a DBA.
    const dba = await createConnection(installation.url);
    t.teardown(() => dba.end());
    const access = {
      accountUrl: installation.accountUrl,
      query: async (sql: string): Promise<readonly Row[]> => {
        const [rows] = await dba.query({ sql, rowsAsArray: true });
        return Array.isArray(rows) ? (rows as readonly Row[]) : [];
      },
    };
    const visitors = await Visitors.start(
      t,
      [openDefaultStore(t, installation.accountUrl)],
      visitorCount,
    );
    const result = await visitors.visitDuring(async () => {
      for (let round = 0; round < 5; round++) {
        const connections = await openAllConnections(otherAccount.url);
        // The store has some of the 12 connections. Kill and occupy all but two of them.
        while (connections.length < 10) {
          const [id] = await connectionIds(access);
          await access.query(`KILL ${id}`).catch(() => undefined);
          connections.push(...(await openAllConnections(otherAccount.url)));
        }
        await sleep(1_000);
        await Promise.all(connections.map((connection) => connection.end()));
        await visitors.waitForVisits();
      }
    });
    assertNothingLost(t, result);
  },
);

test.serial(
  'If the application uses its whole pool, visits wait for a free connection.',
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
    const visitors = await Visitors.start(t, [store], visitorCount);
    const result = await visitors.visitDuring(async () => {
      for (let round = 0; round < 5; round++) {
        const acquired = await Promise.all(
          Array.from({ length: 4 }, () => knex.client.acquireConnection()),
        );
        await sleep(1_000);
        await Promise.all(acquired.map((connection) => knex.client.releaseConnection(connection)));
        await sleep(100);
      }
    });
    assertNothingLost(t, result);
  },
);

test.serial('No visit fails while the network breaks twenty times.', async (t) => {
  t.timeout(120_000);
  const { accountUrl } = await createInstallation(t);
  const proxy = await startProxy(t, accountUrl);
  const visitors = await Visitors.start(t, [openDefaultStore(t, proxy.url)], visitorCount);
  const result = await visitors.visitDuring(async () => {
    for (let round = 0; round < 20; round++) {
      proxy.cut();
      await sleep(100 * (round % 10));
      proxy.restore();
      await visitors.waitForVisits();
    }
  });
  assertNothingLost(t, result);
});

test.serial('No visit fails if the network stalls for less than the retry budget.', async (t) => {
  t.timeout(120_000);
  const { accountUrl } = await createInstallation(t);
  const proxy = await startProxy(t, accountUrl);
  const visitors = await Visitors.start(t, [openDefaultStore(t, proxy.url)], visitorCount);
  const result = await visitors.visitDuring(async () => {
    for (let round = 0; round < 5; round++) {
      await sleep(500);
      proxy.stall();
      await sleep(3_000);
      proxy.resume();
    }
  });
  assertNothingLost(t, result);
});

test.serial(
  'If the network stalls for longer, visits fail within the retry budget and then recover.',
  async (t) => {
    t.timeout(120_000);
    const { accountUrl } = await createInstallation(t);
    const proxy = await startProxy(t, accountUrl);
    const retryBudget = 1_000;
    const visitors = await Visitors.start(
      t,
      [openDefaultStore(t, proxy.url, { retryBudget })],
      visitorCount,
    );
    const { succeeded, failures, wrongCounts, longest } = await visitors.visitDuring(async () => {
      await sleep(500);
      proxy.stall();
      await sleep(10_000);
      proxy.resume();
      await sleep(2_000);
    });
    t.log(`${succeeded} visits, ${failures.length} failures, the longest visit ${longest} ms`);
    t.true(failures.length > 0);
    t.true(failures.every((failure) => failure.includes('RetryBudgetError')));
    t.deepEqual(wrongCounts, []);
    // A visit is a get and a save, each with a retry budget. Allow a second for a busy machine.
    t.true(longest < 2 * retryBudget + 1_000);
    const recovered = await visitors.visitDuring(() => sleep(1_000));
    t.is(recovered.failures.length, failures.length);
  },
);
