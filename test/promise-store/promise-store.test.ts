import { setImmediate as nextTurn } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { ArgumentError, type SessionOptions, SessionStore, StoreClosedError } from '../../src/promise';
import { createInstallation, millisecondsLeft, moveExpiry, type TestInstallation } from '../store';

interface Visitor {
  name: string;
  visits?: number;
}

interface TestPromiseStore extends TestInstallation {
  readonly store: SessionStore<Visitor>;
  /** What was lost, in turn. */
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
    ...options,
  });
  t.teardown(() => store.close());
  const lost: unknown[][] = [];
  store.on('lost', (...event) => lost.push(event));
  return { ...installation, store, lost };
}

const hour = 3_600_000;

test('A session comes back as it was saved.', async (t) => {
  const { store } = await createPromiseStore(t);
  await store.set('sid', { name: 'Ada' });
  t.deepEqual(await store.get('sid'), { name: 'Ada' });
});

test('An id without a session gives null.', async (t) => {
  const { store } = await createPromiseStore(t);
  t.is(await store.get('sid'), null);
});

test('A session lives for the lifetime that set is given, and else for the ttl.', async (t) => {
  const promise = await createPromiseStore(t, { ttl: 2 * hour, touchAfter: 0 });
  await promise.store.set('sid', { name: 'Ada' }, hour);
  const { sid: given = 0 } = await millisecondsLeft(promise);
  await promise.store.set('sid', { name: 'Ada' });
  const { sid: usual = 0 } = await millisecondsLeft(promise);
  t.true(given > hour - 60_000 && given <= hour);
  t.true(usual > 2 * hour - 60_000 && usual <= 2 * hour);
});

test('A session whose lifetime is over is removed.', async (t) => {
  const { store } = await createPromiseStore(t);
  await store.set('sid', { name: 'Ada' });
  await store.set('sid', { name: 'Ada' }, 0);
  t.is(await store.get('sid'), null);
});

test('touch prolongs a session by its object, and leaves its data alone.', async (t) => {
  const promise = await createPromiseStore(t, { ttl: hour, touchAfter: 0 });
  await promise.store.set('sid', { name: 'Ada' });
  await moveExpiry(promise, 60_000);
  await promise.store.touch('sid', { name: 'Bob' });
  const { sid: left = 0 } = await millisecondsLeft(promise);
  t.true(left > hour - 60_000);
  t.deepEqual(await promise.store.get('sid'), { name: 'Ada' });
});

test('touch prolongs a session by so many milliseconds from now.', async (t) => {
  const promise = await createPromiseStore(t, { touchAfter: 0 });
  await promise.store.set('sid', { name: 'Ada' }, 60_000);
  await promise.store.touch('sid', hour);
  const { sid: left = 0 } = await millisecondsLeft(promise);
  t.true(left > hour - 60_000 && left <= hour);
});

test('touch with a lifetime that is over removes the session.', async (t) => {
  const { store } = await createPromiseStore(t);
  await store.set('sid', { name: 'Ada' });
  await store.touch('sid', 0);
  t.is(await store.get('sid'), null);
});

test('A touch by the id alone of a session that is gone is lost, without a session.', async (t) => {
  const { store, lost } = await createPromiseStore(t);
  await store.touch('sid', hour);
  await nextTurn();
  t.deepEqual(lost, [['sid', undefined]]);
});

test('A loaded session that is gone is not created again, but lost.', async (t) => {
  const { store, lost } = await createPromiseStore(t);
  await store.set('sid', { name: 'Ada' });
  const session = await store.get('sid');
  t.truthy(session);
  await store.destroy('sid');
  if (session) await store.set('sid', { ...session, visits: 1 });
  t.is(await store.get('sid'), null);
  t.deepEqual(lost, [['sid', { name: 'Ada', visits: 1 }]]);
});

test('A script may save the same object again after it destroyed the session.', async (t) => {
  const { store } = await createPromiseStore(t);
  const session = { name: 'Ada' };
  await store.set('sid', session);
  await store.destroy('sid');
  await store.set('sid', session);
  t.deepEqual(await store.get('sid'), session);
});

test('gc deletes what has expired, and says how much.', async (t) => {
  const promise = await createPromiseStore(t);
  await promise.store.set('one', { name: 'Ada' });
  await promise.store.set('other', { name: 'Bob' });
  await moveExpiry(promise, -1);
  t.is(await promise.store.gc(), 2);
});

test('Sessions are told, counted and cleared.', async (t) => {
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
  ['an id that none can be', (store) => store.set('no id\n', { name: 'Ada' }), 'sid'],
  ['a session that is none', (store) => store.set('sid', null as unknown as Visitor), 'session'],
  ['a lifetime that is none', (store) => store.set('sid', { name: 'Ada' }, Number.NaN), 'ttl'],
  ['a touch with no session', (store) => store.touch('sid', null as unknown as Visitor), 'session'],
  ['a touch with a lifetime that is none', (store) => store.touch('sid', Number.NaN), 'ttl'],
  ['a touch of an id that none can be', (store) => store.touch('no id\n', hour), 'sid'],
] as ReadonlyArray<readonly [string, (store: SessionStore<Visitor>) => Promise<void>, string]>) {
  test(`Refused by the name of the argument: ${what}.`, async (t) => {
    const { store } = await createPromiseStore(t);
    const error = await t.throwsAsync(call(store), { instanceOf: ArgumentError });
    t.is(error?.argument, argument);
  });
}

test('A failure of the database is a rejection.', async (t) => {
  const { store, query } = await createPromiseStore(t);
  await query('RENAME TABLE sessions TO elsewhere');
  await t.throwsAsync(store.get('sid'), { name: 'DatabaseError' });
  await t.throwsAsync(store.set('sid', { name: 'Ada' }), { name: 'DatabaseError' });
});

test('A closed store fails with an error of its own.', async (t) => {
  const { store } = await createPromiseStore(t);
  await store.close();
  await t.throwsAsync(store.get('sid'), { instanceOf: StoreClosedError });
});
