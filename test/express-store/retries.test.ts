import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import knexFactory from 'knex';
import { DatabaseError, MySQLSessionStore, RetryBudgetError } from '../../src';
import type { Connection } from '../../src/database';
import { connectionsOf, endConnections } from '../connections';
import { openDatabase } from '../database';
import { startProxy } from '../faults/proxy';
import { onServerWith } from '../matrix/private-server';
import { freePort } from '../servers/port';
import { createInstallation, createStore, openStore, session, type TestInstallation } from '../store';
import { until } from '../until';

/** In milliseconds: short, for tests that use it up, and long enough for a busy machine to open a connection. */
const shortBudget = 2_000;

/** Holds the row of a session, in a transaction of somebody else, for as long as the work lasts. */
async function holding(
  t: ExecutionContext,
  { url }: TestInstallation,
  sid: string,
  work: (holder: Connection) => Promise<unknown>,
): Promise<void> {
  await openDatabase(t, url).withConnection(async (holder) => {
    await holder.query('START TRANSACTION');
    await holder.query('SELECT 1 FROM sessions WHERE sid = ? FOR UPDATE', [sid]);
    await work(holder);
    await holder.query('ROLLBACK');
  });
}

test('A call that waits for a row is done when the row is free.', async (t) => {
  const { store, ...installation } = await createStore(t);
  await store.set('sid', session('before'));
  await holding(t, installation, 'sid', async (holder) => {
    const saved = store.set('sid', session('after'));
    await sleep(300);
    await holder.query('ROLLBACK');
    await saved;
  });
  t.is((await store.get('sid'))?.value, 'after');
});

test('A call that overruns the budget is given up, once, and its connection is not used again.', async (t) => {
  const { store, ...installation } = await createStore(t, { retryBudget: shortBudget });
  await store.set('sid', session('before'));
  const before = await connectionsOf(installation);
  await holding(t, installation, 'sid', async () => {
    const error = await t.throwsAsync(async () => store.set('sid', session('after')), {
      instanceOf: RetryBudgetError,
      message: /^sess_set: the server did not answer \(given up after \d+ ms and one attempt\)$/,
    });
    t.is(error?.code, 'ETIMEDOUT');
    t.true((error?.elapsed ?? 0) >= shortBudget - 10);
    // The one that waits for the row is still there, as the server does not look; the store has another one.
    t.is((await store.get('sid'))?.value, 'before');
  });
  await until(async () => {
    const now = await connectionsOf(installation);
    return before.every((id) => !now.includes(id));
  });
});

test.serial('A lock that the server gives up on is waited for again.', async (t) => {
  await onServerWith(t, ['--innodb-lock-wait-timeout=1']);
  const { store, ...installation } = await createStore(t);
  await store.set('sid', session('before'));
  await holding(t, installation, 'sid', async (holder) => {
    const saved = store.set('sid', session('after'));
    await sleep(1_500);
    await holder.query('ROLLBACK');
    await saved;
  });
  t.is((await store.get('sid'))?.value, 'after');
});

test.serial('Where there are too many connections, a call waits until there are fewer.', async (t) => {
  await onServerWith(t, ['--max-connections=10']);
  const installation = await createInstallation(t);
  const crowd = knexFactory({
    client: 'mysql2',
    connection: installation.accountUrl,
    pool: { min: 0, max: 20 },
    log: { warn: () => {} },
  });
  t.teardown(() => crowd.destroy());
  const held: unknown[] = [];
  for (let full = false; !full; ) {
    await crowd.client.acquireConnection().then(
      (connection: unknown) => held.push(connection),
      () => {
        full = true;
      },
    );
  }
  const store = openStore(t, installation.accountUrl);
  const saved = store.set('sid', session('came in'));
  await sleep(300);
  for (const connection of held) {
    await crowd.client.releaseConnection(connection);
  }
  await crowd.destroy();
  await saved;
  t.is((await store.get('sid'))?.value, 'came in');
});

test('A connection that is killed in a call costs nothing but time.', async (t) => {
  const { store, ...installation } = await createStore(t);
  await store.set('sid', session('before'));
  await holding(t, installation, 'sid', async (holder) => {
    const saved = store.set('sid', session('after'));
    for (let kills = 0; kills < 3; kills++) {
      await sleep(100);
      await endConnections(installation);
    }
    await holder.query('ROLLBACK');
    await saved;
  });
  t.is((await store.get('sid'))?.value, 'after');
});

test('A network that is cut for a moment costs nothing but time.', async (t) => {
  const installation = await createInstallation(t);
  const proxy = await startProxy(t, installation.accountUrl);
  const store = openStore(t, proxy.url);
  await store.set('sid', session('before'));
  proxy.cut();
  const saved = store.set('sid', session('after'));
  const read = store.get('other');
  await sleep(500);
  proxy.mend();
  await saved;
  t.is(await read, null);
  t.is((await store.get('sid'))?.value, 'after');
});

test('A network that stalls holds a call up for its budget and no longer, and the next call finds another way.', async (t) => {
  const installation = await createInstallation(t);
  const proxy = await startProxy(t, installation.accountUrl);
  const store = openStore(t, proxy.url, { retryBudget: shortBudget });
  await store.set('sid', session('before'));
  proxy.stall();
  const begun = performance.now();
  const calls = [store.get('sid'), store.set('sid', session('lost')), store.get('other')];
  for (const call of calls) {
    await t.throwsAsync(async () => call, { instanceOf: RetryBudgetError });
  }
  t.true(performance.now() - begun < 5_000);
  proxy.resume();
  t.truthy(await store.get('sid'));
});

test('A server that does not come back is reported, with the last failure and all that was tried.', async (t) => {
  const store = openStore(t, `mysql://app@127.0.0.1:${await freePort()}/shop`, { retryBudget: shortBudget });
  const error = await t.throwsAsync(async () => store.get('sid'), {
    instanceOf: RetryBudgetError,
    message: /^sess_version: .*ECONNREFUSED.* \(given up after \d+ ms and \d+ attempts\)$/,
  });
  t.is(error?.code, 'ECONNREFUSED');
  t.true((error?.attempts ?? 0) > 1);
  t.true((error?.elapsed ?? 0) <= 5_000);
});

test('Without a budget, a failure is reported at once.', async (t) => {
  const store = openStore(t, `mysql://app@127.0.0.1:${await freePort()}/shop`, { retryBudget: 0 });
  const error = await t.throwsAsync(async () => store.get('sid'), { instanceOf: DatabaseError });
  t.false(error instanceof RetryBudgetError);
  t.is(error?.code, 'ECONNREFUSED');
});

for (const [what, breaking, errno] of [
  ['A table that is gone', 'DROP TABLE sessions', 1146],
  ['A routine that is broken', 'ALTER TABLE sessions DROP COLUMN updated_at', 1054],
] as const) {
  test(`${what} is reported at once, for no repetition would mend it.`, async (t) => {
    const { store, query } = await createStore(t);
    await store.set('sid', session());
    await query(breaking);
    const error = await t.throwsAsync(async () => store.set('other', session()), {
      instanceOf: DatabaseError,
    });
    t.false(error instanceof RetryBudgetError);
    t.is(error?.errno, errno);
  });
}

test('Where no connection of the pool becomes free, a call is given up, and takes none away from others.', async (t) => {
  const installation = await createInstallation(t);
  const knex = knexFactory({
    client: 'mysql2',
    connection: installation.accountUrl,
    pool: { min: 0, max: 1 },
  });
  t.teardown(() => knex.destroy());
  const store = new MySQLSessionStore({ knex, disableDbCleanup: true, retryBudget: shortBudget });
  t.teardown(() => store.close());
  await store.set('sid', session('there'));
  const taken: unknown = await knex.client.acquireConnection();
  await t.throwsAsync(async () => store.get('sid'), {
    instanceOf: RetryBudgetError,
    message: /^sess_get: no connection was free/,
  });
  await knex.client.releaseConnection(taken);
  t.is((await store.get('sid'))?.value, 'there');
  t.is(knex.client.pool.numUsed(), 0);
});

for (const retryBudget of [-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '5s']) {
  test(`retryBudget can't be ${retryBudget}.`, (t) => {
    const open = () => openStore(t, 'mysql://app@db.example/shop', { retryBudget: retryBudget as number });
    t.throws(open, { name: 'ArgumentError', message: /`retryBudget`/ });
  });
}
