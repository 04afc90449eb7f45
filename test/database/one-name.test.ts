import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import knexFactory, { type Knex } from 'knex';
import { DatabaseError, MySQLSessionStore, RetryBudgetError } from '../../src';
import { bootForFile } from '../support/boot';
import { connectionIds } from '../support/connections';
import { startProxy } from '../support/proxy';
import { isFullRun } from '../support/scale';
import {
  createInstallation,
  openDefaultStore,
  openStore,
  patientBudget,
  session,
  type TestInstallation,
} from '../support/store';
import { waitUntil } from '../support/wait-until';

// These tests change settings of the whole server.
bootForFile();

/** Opens a pool of the application. */
function openKnex(t: ExecutionContext, connection: string, pool: Knex.PoolConfig): Knex {
  const knex = knexFactory({ client: 'mysql2', connection, pool });
  t.teardown(() => knex.destroy());
  return knex;
}

function openStoreOn(t: ExecutionContext, knex: Knex, retryBudget = patientBudget) {
  const store = new MySQLSessionStore({ knex, disableDbCleanup: true, retryBudget });
  t.teardown(() => store.close());
  return store;
}

/** Waits until the account has connections, and none of these. */
async function waitForOthers(
  installation: TestInstallation,
  old: readonly number[],
): Promise<void> {
  await waitUntil(async () => {
    const ids = await connectionIds(installation);
    return ids.length > 0 && !ids.some((id) => old.includes(id));
  });
}

const openers = {
  'the store opened': (t: ExecutionContext, url: string) => openStore(t, url),
  'the application opened': (t: ExecutionContext, url: string) =>
    openStoreOn(t, openKnex(t, url, { min: 0, max: 10 })),
};

for (const [whose, open] of Object.entries(openers)) {
  test.serial(
    `If a server turns read-only, the store uses no connection any more that ${whose}.`,
    async (t) => {
      const installation = await createInstallation(t);
      const store = open(t, installation.accountUrl);
      const save = () =>
        Promise.all(Array.from({ length: 8 }, (_, n) => store.set(`sid-${n}`, session())));
      await save();
      const before = await connectionIds(installation);
      await installation.query('SET GLOBAL read_only = ON');
      try {
        const saved = save();
        // New connections lead to the same server here, and then it takes writes again.
        await waitForOthers(installation, before);
        await installation.query('SET GLOBAL read_only = OFF');
        await saved;
      } finally {
        await installation.query('SET GLOBAL read_only = OFF');
      }
      t.is((await store.ping()).writable, true);
    },
  );
}

test.serial('A server that stays read-only fails a write at the end of the budget.', async (t) => {
  const { accountUrl, query } = await createInstallation(t);
  const store = openDefaultStore(t, accountUrl, { retryBudget: 1_000 });
  await store.set('sid', session('kept'));
  await query('SET GLOBAL read_only = ON');
  try {
    const error = await t.throwsAsync(async () => store.set('sid', session()), {
      instanceOf: RetryBudgetError,
    });
    t.is(error?.errno, 1290);
    t.is((await store.get('sid'))?.value, 'kept');
    t.is((await store.ping()).writable, false);
  } finally {
    await query('SET GLOBAL read_only = OFF');
  }
  t.is((await store.ping()).writable, true);
});

test.serial('A ping tells the server that answered, and the time it took.', async (t) => {
  const { accountUrl, query } = await createInstallation(t);
  const { host, latencyMs, writable } = await openStore(t, accountUrl).ping();
  const [row] = await query("SELECT CONCAT(@@hostname, ':', @@port)");
  t.deepEqual([host, writable], [row?.[0], true]);
  t.true(latencyMs > 0);
});

test.serial('A ping asks each time, and fails if no server answers in time.', async (t) => {
  const installation = await createInstallation(t);
  const proxy = await startProxy(t, installation.accountUrl);
  const store = openStore(t, proxy.url);
  await store.ready();
  proxy.stall();
  const error = await t.throwsAsync(async () => store.ping({ timeout: 300 }), {
    instanceOf: RetryBudgetError,
  });
  t.is(error?.code, 'ETIMEDOUT');
  // `ready()` asks once: its first success holds.
  await t.notThrowsAsync(async () => store.ready());
  proxy.resume();
  t.true((await store.ping({ timeout: 30_000 })).writable);
});

for (const timeout of [0, -1, Number.NaN, '1s', 2 ** 31]) {
  test.serial(`A timeout of ${timeout} is refused by ping() and close().`, async (t) => {
    const store = openStore(t, 'mysql://app@db.example/shop');
    const options = { timeout: timeout as number };
    for (const call of [() => store.ping(options), () => store.close(options)]) {
      await t.throwsAsync(async () => call(), { name: 'ArgumentError', message: /`timeout`/ });
    }
  });
}

test.serial('No call fails if the network forgets idle connections.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  const proxy = await startProxy(t, accountUrl);
  // One attempt must not use it up. On a busy machine, eight new connections take a while.
  const store = openStore(t, proxy.url, { retryBudget: 15_000 });
  for (let round = 0; round < (isFullRun ? 2 : 1); round++) {
    await Promise.all(Array.from({ length: 8 }, (_, n) => store.set(`sid-${n}`, session(round))));
    proxy.forget();
    const found = await Promise.all(Array.from({ length: 8 }, (_, n) => store.get(`sid-${n}`)));
    t.deepEqual(
      found.map((one) => one?.value),
      found.map(() => round),
    );
  }
});

for (const [min, warnings] of [
  [0, 0],
  [2, 1],
] as const) {
  test.serial(
    `With a pool of at least ${min}, a forgotten connection is found, with ${warnings} warnings.`,
    async (t) => {
      const { accountUrl } = await createInstallation(t);
      const proxy = await startProxy(t, accountUrl);
      const knex = openKnex(t, proxy.url, { min, max: 4 });
      // The store has not seen these connections, so it tests them before their first use.
      const opened = await Promise.all(
        [1, 2, 3].map(async (): Promise<unknown> => knex.client.acquireConnection()),
      );
      for (const connection of opened) {
        await knex.raw('SELECT 1').connection(connection);
        await knex.client.releaseConnection(connection);
      }
      proxy.forget();
      const messages: string[] = [];
      const listen = ({ name, message }: Error) =>
        name === 'IdleConnectionWarning' && messages.push(message);
      process.on('warning', listen);
      t.teardown(() => process.off('warning', listen));
      const store = openStoreOn(t, knex, 15_000);
      await store.set('sid', session('new'));
      t.is((await store.get('sid'))?.value, 'new');
      await sleep(0);
      t.is(messages.length, warnings);
      t.true(messages.every((message) => message.includes('`pool.min` is 2')));
    },
  );
}

test.serial('A pool without a free connection is an error with a code.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  const knex = knexFactory({
    client: 'mysql2',
    connection: accountUrl,
    pool: { min: 0, max: 1 },
    acquireConnectionTimeout: 50,
  });
  t.teardown(() => knex.destroy());
  let borrowed: unknown;
  // A busy machine can take longer than that to open the connection.
  await waitUntil(async () => {
    borrowed = await knex.client.acquireConnection().catch(() => undefined);
    return borrowed !== undefined;
  });
  const error = await t.throwsAsync(async () => openStoreOn(t, knex, 0).get('sid'), {
    instanceOf: DatabaseError,
  });
  t.is(error?.code, 'ERR_POOL_TIMEOUT');
  const found = openStoreOn(t, knex).get('sid');
  await sleep(200);
  await knex.client.releaseConnection(borrowed);
  t.is(await found, null);
});
