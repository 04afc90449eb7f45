import { setImmediate as nextTurn } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import {
  ArgumentError,
  type SessionOptions,
  SessionStore,
  StoreClosedError,
} from '../../../src/promise';
import {
  createInstallation,
  millisecondsLeft,
  patientBudget,
  setExpiry,
  type TestInstallation,
} from '../../support/store';

interface Visitor {
  name: string;
  visits?: number;
}

interface TestPromiseStore extends TestInstallation {
  readonly store: SessionStore<Visitor>;
  /** The arguments of each event `lost`. */
  readonly lost: unknown[][];
}

async function createPromiseStore(
  t: ExecutionContext,
  options: SessionOptions<Visitor> = {},
): Promise<TestPromiseStore> {
  const installation = await createInstallation(t);
  const store = new SessionStore<Visitor>({
    connection: installation.accountUrl,
    disableDbCleanup: true,
    retryBudget: patientBudget,
    ...options,
  });
  t.teardown(() => store.close());
  const lost: unknown[][] = [];
  store.on('lost', (...event) => lost.push(event));
  return { ...installation, store, lost };
}

const hour = 3_600_000;

test('A session is equal after a set and a get.', async (t) => {
  const { store } = await createPromiseStore(t);
  await store.set('sid', { name: 'Ada' });
  t.deepEqual(await store.get('sid'), { name: 'Ada' });
});

test('get returns null for an id without a session.', async (t) => {
  const { store } = await createPromiseStore(t);
  t.is(await store.get('sid'), null);
});

test('A session lives for the ttl of set, and without it for the option ttl.', async (t) => {
  const promise = await createPromiseStore(t, { ttl: 2 * hour, touchAfter: 0 });
  await promise.store.set('sid', { name: 'Ada' }, hour);
  const { sid: given = 0 } = await millisecondsLeft(promise);
  await promise.store.set('sid', { name: 'Ada' });
  const { sid: usual = 0 } = await millisecondsLeft(promise);
  t.true(given > hour - 60_000 && given <= hour);
  t.true(usual > 2 * hour - 60_000 && usual <= 2 * hour);
});

test('set deletes a session whose lifetime is over.', async (t) => {
  const { store } = await createPromiseStore(t);
  await store.set('sid', { name: 'Ada' });
  await store.set('sid', { name: 'Ada' }, 0);
  t.is(await store.get('sid'), null);
});

test('touch with a session prolongs it, and does not change its data.', async (t) => {
  const promise = await createPromiseStore(t, { ttl: hour, touchAfter: 0 });
  await promise.store.set('sid', { name: 'Ada' });
  await setExpiry(promise, 60_000);
  await promise.store.touch('sid', { name: 'Bob' });
  const { sid: left = 0 } = await millisecondsLeft(promise);
  t.true(left > hour - 60_000);
  t.deepEqual(await promise.store.get('sid'), { name: 'Ada' });
});

test('touch with a number prolongs a session to so many milliseconds from now.', async (t) => {
  const promise = await createPromiseStore(t, { touchAfter: 0 });
  await promise.store.set('sid', { name: 'Ada' }, 60_000);
  await promise.store.touch('sid', hour);
  const { sid: left = 0 } = await millisecondsLeft(promise);
  t.true(left > hour - 60_000 && left <= hour);
});

test('touch deletes a session whose lifetime is over.', async (t) => {
  const { store } = await createPromiseStore(t);
  await store.set('sid', { name: 'Ada' });
  await store.touch('sid', 0);
  t.is(await store.get('sid'), null);
});

test('A touch by id of a missing session emits lost without a session.', async (t) => {
  const { store, lost } = await createPromiseStore(t);
  await store.touch('sid', hour);
  await nextTurn();
  t.deepEqual(lost, [['sid', undefined]]);
});

test('set does not create a loaded session again, and emits lost.', async (t) => {
  const { store, lost } = await createPromiseStore(t);
  await store.set('sid', { name: 'Ada' });
  const session = await store.get('sid');
  t.truthy(session);
  await store.destroy('sid');
  if (session) await store.set('sid', Object.assign(session, { visits: 1 }));
  t.is(await store.get('sid'), null);
  t.deepEqual(lost, [['sid', { name: 'Ada', visits: 1 }]]);
});

test('set merges the changes of a loaded session.', async (t) => {
  const { store } = await createPromiseStore(t);
  await store.set('sid', { name: 'Ada' });
  const [one, other] = [await store.get('sid'), await store.get('sid')];
  if (one && other) {
    await store.set('sid', Object.assign(one, { visits: 1 }));
    await store.set('sid', Object.assign(other, { name: 'Bob' }));
  }
  t.deepEqual(await store.get('sid'), { name: 'Bob', visits: 1 });
});

test('set replaces a session with an object of the script, also after a get.', async (t) => {
  const { store } = await createPromiseStore(t);
  await store.set('sid', { name: 'Ada', visits: 7 });
  await store.get('sid');
  await store.set('sid', { name: 'Bob' });
  t.deepEqual(await store.get('sid'), { name: 'Bob' });
});

test('set creates a session with an object of the script, also after a get and a destroy.', async (t) => {
  const { store, lost } = await createPromiseStore(t);
  await store.set('sid', { name: 'Ada' });
  await store.get('sid');
  await store.destroy('sid');
  await store.set('sid', { name: 'Bob' });
  t.deepEqual(await store.get('sid'), { name: 'Bob' });
  t.deepEqual(lost, []);
});

test('A script can save the same object again after it destroyed the session.', async (t) => {
  const { store } = await createPromiseStore(t);
  const session = { name: 'Ada' };
  await store.set('sid', session);
  await store.destroy('sid');
  await store.set('sid', session);
  t.deepEqual(await store.get('sid'), session);
});

test('gc deletes expired sessions, and returns how many.', async (t) => {
  const promise = await createPromiseStore(t);
  await promise.store.set('one', { name: 'Ada' });
  await promise.store.set('other', { name: 'Bob' });
  await setExpiry(promise, -1);
  t.is(await promise.store.gc(), 2);
});

test('ids, all and length list and count the sessions, and clear deletes them.', async (t) => {
  const { store } = await createPromiseStore(t);
  await store.set('one', { name: 'Ada' });
  await store.set('other', { name: 'Bob' });
  t.deepEqual(await store.ids(), ['one', 'other']);
  t.deepEqual(await store.all(), [
    { id: 'one', name: 'Ada' },
    { id: 'other', name: 'Bob' },
  ]);
  t.is(await store.length(), 2);
  await store.clear();
  t.is(await store.length(), 0);
});

for (const [what, call, argument] of [
  ['an invalid id in set', (store) => store.set('no id\n', { name: 'Ada' }), 'sid'],
  ['a session of null', (store) => store.set('sid', null as unknown as Visitor), 'session'],
  ['a ttl of NaN', (store) => store.set('sid', { name: 'Ada' }, Number.NaN), 'ttl'],
  [
    'a session of null in touch',
    (store) => store.touch('sid', null as unknown as Visitor),
    'session',
  ],
  ['a ttl of NaN in touch', (store) => store.touch('sid', Number.NaN), 'ttl'],
  ['an invalid id in touch', (store) => store.touch('no id\n', hour), 'sid'],
] as ReadonlyArray<readonly [string, (store: SessionStore<Visitor>) => Promise<void>, string]>) {
  test(`The error for ${what} names ${argument}.`, async (t) => {
    const { store } = await createPromiseStore(t);
    const error = await t.throwsAsync(call(store), { instanceOf: ArgumentError });
    t.is(error?.argument, argument);
  });
}

test('A database failure rejects the promise.', async (t) => {
  const { store, query } = await createPromiseStore(t);
  await query('RENAME TABLE sessions TO elsewhere');
  await t.throwsAsync(store.get('sid'), { name: 'DatabaseError' });
  await t.throwsAsync(store.set('sid', { name: 'Ada' }), { name: 'DatabaseError' });
});

test('A closed store rejects calls with a StoreClosedError.', async (t) => {
  const { store } = await createPromiseStore(t);
  await store.close();
  await t.throwsAsync(store.get('sid'), { instanceOf: StoreClosedError });
});
