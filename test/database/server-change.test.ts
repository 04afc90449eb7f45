import test, { type ExecutionContext } from 'ava';
import { MySQLSessionStore } from '../../src';
import { bootForTest } from '../support/boot';
import { connectionIds } from '../support/connections';
import { createInstallation, openStore, session, type TestInstallation } from '../support/store';
import { waitUntil } from '../support/wait-until';

interface Servers {
  readonly first: TestInstallation;
  readonly store: MySQLSessionStore;
}

/** Opens a store whose name leads to one server, and then to another. The first has a session. */
async function openOnChangingServer(
  t: ExecutionContext,
  beforeChange: (first: TestInstallation) => Promise<unknown> = async () => undefined,
): Promise<Servers> {
  const second = await createInstallation(t);
  // The tests change settings of the first server.
  await bootForTest(t, []);
  const first = await createInstallation(t);
  await openStore(t, first.accountUrl).set('sid', session());
  let target = first.accountUrl;
  const store = new MySQLSessionStore({ connection: () => target, disableDbCleanup: true });
  t.teardown(() => store.close());
  t.deepEqual(await lengths(store, 3), [1]);
  await beforeChange(first);
  target = second.accountUrl;
  // A new connection comes if all others are in use.
  await waitUntil(async () => (await lengths(store)).includes(0));
  return { first, store };
}

/** Returns the different numbers of sessions that concurrent calls count. */
async function lengths(store: MySQLSessionStore, calls = 8): Promise<number[]> {
  const counts = await Promise.all(Array.from({ length: calls }, () => store.length()));
  return [...new Set(counts)];
}

test.serial(
  'After a connection led to a new server, no other reads from a read-only one.',
  async (t) => {
    const { store } = await openOnChangingServer(t, ({ query }) =>
      query('SET GLOBAL read_only = ON'),
    );
    t.deepEqual(await lengths(store), [0]);
  },
);

test.serial('Servers that take writes at the same time keep their connections.', async (t) => {
  const { first, store } = await openOnChangingServer(t);
  const before = await connectionIds(first);
  for (let round = 0; round < 5; round++) await lengths(store);
  t.true(before.length > 0);
  t.deepEqual(await connectionIds(first), before);
});

test.serial('A server that was read-only from the start is read.', async (t) => {
  await bootForTest(t, []);
  const { accountUrl, query } = await createInstallation(t);
  await openStore(t, accountUrl).set('sid', session('kept'));
  await query('SET GLOBAL read_only = ON');
  const store = openStore(t, accountUrl);
  t.is((await store.get('sid'))?.value, 'kept');
});
