import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import knexFactory from 'knex';
import { DatabaseError, MySQLSessionStore, RetryBudgetError } from '../../src';
import type { Connection } from '../../src/database/connection';
import { RetryPolicy } from '../../src/routines/retry-policy';
import { DeadlineError } from '../../src/util/deadline';
import { bootForTest } from '../support/boot';
import { connectionIds, killConnections } from '../support/connections';
import { openDatabase } from '../support/database';
import { startProxy } from '../support/proxy';
import { freePort } from '../support/servers/system';
import {
  createInstallation,
  createStore,
  openStore,
  session,
  type TestInstallation,
} from '../support/store';
import { waitUntil } from '../support/wait-until';

/**
 * In milliseconds: short, because some tests use it up. A busy machine can still open a connection.
 */
const shortBudget = 2_000;

/** Runs a task while another transaction locks the row of a session. */
async function withRowLocked(
  t: ExecutionContext,
  { url }: TestInstallation,
  sid: string,
  task: (holder: Connection) => Promise<unknown>,
): Promise<void> {
  await openDatabase(t, url).withConnection(async (holder) => {
    await holder.query('START TRANSACTION');
    await holder.query('SELECT 1 FROM sessions WHERE sid = ? FOR UPDATE', [sid]);
    await task(holder);
    await holder.query('ROLLBACK');
  });
}

test('The error for a spent budget has the failure, not a timeout that came after it.', async (t) => {
  const refused = { code: 'ECONNREFUSED', errno: undefined, sqlState: undefined };
  let attempts = 0;
  const attempt = async () => {
    throw ++attempts === 1 ? new DatabaseError('refused', refused) : new DeadlineError('late');
  };
  const { code } = await t.throwsAsync(new RetryPolicy(100).run('sess_get', attempt), {
    instanceOf: RetryBudgetError,
    message: /^sess_get: refused \(timed out/,
  });
  t.is(code, 'ECONNREFUSED');
});

test('A call that waits for a row lock succeeds when the row is unlocked.', async (t) => {
  const { store, ...installation } = await createStore(t);
  await store.set('sid', session('before'));
  await withRowLocked(t, installation, 'sid', async (holder) => {
    const saved = store.set('sid', session('after'));
    await sleep(300);
    await holder.query('ROLLBACK');
    await saved;
  });
  t.is((await store.get('sid'))?.value, 'after');
});

test('A call times out at the end of the budget, and its connections are not used again.', async (t) => {
  const { store, ...installation } = await createStore(t, { retryBudget: shortBudget });
  await store.set('sid', session('before'));
  const before = await connectionIds(installation);
  await withRowLocked(t, installation, 'sid', async () => {
    const error = await t.throwsAsync(async () => store.set('sid', session('after')), {
      instanceOf: RetryBudgetError,
      message: /^sess_set: the server did not answer \(timed out after \d+ ms and \d attempts\)$/,
    });
    t.is(error?.code, 'ETIMEDOUT');
    // One forgotten connection must not use up the budget.
    t.true((error?.attempts ?? 0) >= 3);
    t.true((error?.elapsed ?? 0) >= shortBudget - 10);
    // On the server, the old connection still waits for the row. The store has a new connection.
    t.is((await store.get('sid'))?.value, 'before');
  });
  await waitUntil(async () => {
    const now = await connectionIds(installation);
    return before.every((id) => !now.includes(id));
  });
});

test.serial(
  'After a lock wait timeout of the server, the call waits for the row again.',
  async (t) => {
    await bootForTest(t, ['--innodb-lock-wait-timeout=1']);
    const { store, ...installation } = await createStore(t);
    await store.set('sid', session('before'));
    await withRowLocked(t, installation, 'sid', async (holder) => {
      const saved = store.set('sid', session('after'));
      await sleep(1_500);
      await holder.query('ROLLBACK');
      await saved;
    });
    t.is((await store.get('sid'))?.value, 'after');
  },
);

test.serial('If the server has too many connections, a call waits until some close.', async (t) => {
  await bootForTest(t, ['--max-connections=10']);
  const installation = await createInstallation(t);
  const otherClient = knexFactory({
    client: 'mysql2',
    connection: installation.accountUrl,
    pool: { min: 0, max: 20 },
    log: { warn: () => {} },
  });
  t.teardown(() => otherClient.destroy());
  const held: unknown[] = [];
  for (let isFull = false; !isFull; ) {
    await otherClient.client.acquireConnection().then(
      (connection: unknown) => held.push(connection),
      () => {
        isFull = true;
      },
    );
  }
  const store = openStore(t, installation.accountUrl);
  const saved = store.set('sid', session('came in'));
  await sleep(300);
  for (const connection of held) {
    await otherClient.client.releaseConnection(connection);
  }
  await otherClient.destroy();
  await saved;
  t.is((await store.get('sid'))?.value, 'came in');
});

test('A call succeeds although its connection is killed several times.', async (t) => {
  const { store, ...installation } = await createStore(t);
  await store.set('sid', session('before'));
  await withRowLocked(t, installation, 'sid', async (holder) => {
    const saved = store.set('sid', session('after'));
    for (let kills = 0; kills < 3; kills++) {
      await sleep(100);
      await killConnections(installation);
    }
    await holder.query('ROLLBACK');
    await saved;
  });
  t.is((await store.get('sid'))?.value, 'after');
});

test('Calls succeed although the network fails for half a second.', async (t) => {
  const installation = await createInstallation(t);
  const proxy = await startProxy(t, installation.accountUrl);
  const store = openStore(t, proxy.url);
  await store.set('sid', session('before'));
  proxy.cut();
  const saved = store.set('sid', session('after'));
  const read = store.get('other');
  await sleep(500);
  proxy.restore();
  await saved;
  t.is(await read, null);
  t.is((await store.get('sid'))?.value, 'after');
});

test('If the network stalls, calls end with the budget, and the next call gets a new connection.', async (t) => {
  const installation = await createInstallation(t);
  const proxy = await startProxy(t, installation.accountUrl);
  const store = openStore(t, proxy.url, { retryBudget: shortBudget });
  await store.set('sid', session('before'));
  proxy.stall();
  const startedAt = performance.now();
  const calls = [store.get('sid'), store.set('sid', session('lost')), store.get('other')];
  for (const call of calls) {
    await t.throwsAsync(async () => call, { instanceOf: RetryBudgetError });
  }
  t.true(performance.now() - startedAt < 30_000);
  proxy.resume();
  t.truthy(await store.get('sid'));
});

test('The error for a server that stays down has the last failure and the number of attempts.', async (t) => {
  const store = openStore(t, `mysql://app@127.0.0.1:${await freePort()}/shop`, {
    retryBudget: shortBudget,
  });
  const error = await t.throwsAsync(async () => store.get('sid'), {
    instanceOf: RetryBudgetError,
    message: /^sess_version: .*ECONNREFUSED.* \(timed out after \d+ ms and \d+ attempts\)$/,
  });
  t.is(error?.code, 'ECONNREFUSED');
  t.true((error?.attempts ?? 0) > 1);
  t.true((error?.elapsed ?? 0) < 30_000);
});

test('Without a budget, a failure is thrown at once.', async (t) => {
  const store = openStore(t, `mysql://app@127.0.0.1:${await freePort()}/shop`, { retryBudget: 0 });
  const error = await t.throwsAsync(async () => store.get('sid'), { instanceOf: DatabaseError });
  t.false(error instanceof RetryBudgetError);
  t.is(error?.code, 'ECONNREFUSED');
});

for (const [cause, breaking, errno] of [
  ['A missing table', 'DROP TABLE sessions', 1146],
  ['A broken routine', 'ALTER TABLE sessions DROP COLUMN updated_at', 1054],
] as const) {
  test(`${cause} is reported at once: a retry would not help.`, async (t) => {
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

test('If no connection becomes free, a call times out, and the pool loses no connection.', async (t) => {
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
  const borrowed: unknown = await knex.client.acquireConnection();
  await t.throwsAsync(async () => store.get('sid'), {
    instanceOf: RetryBudgetError,
    message: /^sess_get: no connection was free/,
  });
  await knex.client.releaseConnection(borrowed);
  t.is((await store.get('sid'))?.value, 'there');
  t.is(knex.client.pool.numUsed(), 0);
});

for (const retryBudget of [-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '5s']) {
  test(`A retryBudget of ${retryBudget} is refused.`, (t) => {
    const open = () =>
      openStore(t, 'mysql://app@db.example/shop', { retryBudget: retryBudget as number });
    t.throws(open, { name: 'ArgumentError', message: /`retryBudget`/ });
  });
}
