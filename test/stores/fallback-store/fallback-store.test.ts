import test, { type ExecutionContext } from 'ava';
import { MemoryStore, type SessionData, type Store } from 'express-session';
import { ArgumentError, type FallbackOptions, FallbackStore } from '../../../src';
import { createStore, idsIn, millisecondsLeft, session } from '../../support/store';

async function createFallback(t: ExecutionContext, options?: FallbackOptions) {
  const created = await createStore(t);
  const oldStore = new MemoryStore();
  return { ...created, oldStore, fallback: new FallbackStore(created.store, oldStore, options) };
}

const setOld = (store: Store, sid: string, data: SessionData) =>
  new Promise<void>((resolve, reject) => {
    store.set(sid, data, (error) => (error ? reject(error) : resolve()));
  });

const getOld = (store: Store, sid: string) =>
  new Promise<SessionData | null | undefined>((resolve, reject) => {
    store.get(sid, (error, data) => (error ? reject(error) : resolve(data)));
  });

/** An old store whose `get` answers with these sessions in turn. */
function scriptedStore(answers: ReadonlyArray<() => Promise<SessionData | null>>): Store {
  const store = new MemoryStore();
  const left = [...answers];
  return Object.assign(store, {
    get: (_sid: string, callback: (error: unknown, data?: SessionData | null) => void) => {
      const answer = left.shift() ?? (async () => null);
      answer().then((data) => callback(null, data), callback);
    },
  });
}

test('A session of the old store moves when it is loaded, with its remaining lifetime.', async (t) => {
  const { fallback, oldStore, ...installation } = await createFallback(t);
  await setOld(oldStore, 'sid', session({ cart: ['a'] }, 1_800_000));
  t.deepEqual((await fallback.get('sid'))?.value, { cart: ['a'] });
  const { sid: left = 0 } = await millisecondsLeft(installation);
  t.true(left > 1_700_000 && left <= 1_820_000);
  t.falsy(await getOld(oldStore, 'sid'));
  t.deepEqual(fallback.counts, { found: 1, missing: 0 });
});

test('A moved session is not looked up in the old store again.', async (t) => {
  const { fallback, oldStore } = await createFallback(t);
  await setOld(oldStore, 'sid', session(1));
  await fallback.get('sid');
  await fallback.get('sid');
  await fallback.get('none');
  t.deepEqual(fallback.counts, { found: 1, missing: 1 });
});

test('A logout ends the session in both stores.', async (t) => {
  const { fallback, oldStore, store, ...installation } = await createFallback(t);
  await setOld(oldStore, 'sid', session(1));
  await store.set('sid', session(2));
  await fallback.destroy('sid');
  t.falsy(await getOld(oldStore, 'sid'));
  t.deepEqual(await idsIn(installation), []);
});

test('If the old store fails, a logout rejects, but ends the session in the new store.', async (t) => {
  const { store, ...installation } = await createStore(t);
  const destroy = (_sid: string, done?: (error: Error) => void) => done?.(new Error('old'));
  const fallback = new FallbackStore(store, Object.assign(new MemoryStore(), { destroy }));
  await store.set('sid', session(1));
  await t.throwsAsync(async () => fallback.destroy('sid'), { message: 'old' });
  t.deepEqual(await idsIn(installation), []);
});

test('A session whose user logs out while it moves does not come back.', async (t) => {
  const { store, ...installation } = await createStore(t);
  const oldStore = scriptedStore([async () => session(1), async () => null]);
  t.is(await new FallbackStore(store, oldStore).get('sid'), null);
  t.deepEqual(await idsIn(installation), []);
});

test('A session that another process moves at the same time keeps the changes made there.', async (t) => {
  const { store } = await createStore(t);
  const moveElsewhere = async () => {
    await store.set('sid', session('changed'));
    return session('old');
  };
  const oldStore = scriptedStore([moveElsewhere, async () => null]);
  t.is((await new FallbackStore(store, oldStore).get('sid'))?.value, 'changed');
});

test('Parallel requests move a session once.', async (t) => {
  const { fallback, oldStore } = await createFallback(t);
  await setOld(oldStore, 'sid', session(1));
  const found = await Promise.all(Array.from({ length: 8 }, () => fallback.get('sid')));
  t.deepEqual(
    found.map((data) => data?.value),
    Array(8).fill(1),
  );
});

test('A live session whose data say that it expired gets its whole lifetime.', async (t) => {
  const { store, ...installation } = await createStore(t);
  const stale = session(1, 1_800_000);
  stale.cookie.expires = new Date(Date.now() - 1_000);
  const oldStore = scriptedStore([async () => stale, async () => stale]);
  t.is((await new FallbackStore(store, oldStore).get('sid'))?.value, 1);
  const { sid: left = 0 } = await millisecondsLeft(installation);
  t.true(left > 1_700_000);
});

test('With move: false, sessions stay in the old store, and new ones are created there.', async (t) => {
  const { fallback, oldStore, ...installation } = await createFallback(t, { move: false });
  await setOld(oldStore, 'sid', session(1));
  const found = (await fallback.get('sid')) ?? session();
  await fallback.set('sid', Object.assign(found, { value: 2 }));
  await fallback.touch('sid', found);
  await fallback.set('new', session(3));
  t.is((await getOld(oldStore, 'sid'))?.value, 2);
  t.is((await getOld(oldStore, 'new'))?.value, 3);
  t.deepEqual(await idsIn(installation), []);
});

test('With move: false, a session that another process moved is used in the new store.', async (t) => {
  const { fallback, oldStore, store } = await createFallback(t, { move: false });
  await store.set('sid', session(1));
  const found = (await fallback.get('sid')) ?? session();
  await fallback.set('sid', Object.assign(found, { value: 2 }));
  t.is((await store.get('sid'))?.value, 2);
  t.falsy(await getOld(oldStore, 'sid'));
});

test('With move: false, express-session saves each session where it was found.', async (t) => {
  const { fallback, oldStore, store } = await createFallback(t, { move: false });
  await setOld(oldStore, 'old', session(1));
  await store.set('new', session(1));
  const request = { sessionStore: fallback } as unknown as Parameters<Store['createSession']>[0];
  for (const sid of ['old', 'new']) {
    const found = (await fallback.get(sid)) ?? session();
    request.sessionID = sid;
    const made = fallback.createSession(request, found);
    await fallback.set(sid, Object.assign(made, { value: 2 }));
  }
  t.is((await getOld(oldStore, 'old'))?.value, 2);
  t.is((await store.get('new'))?.value, 2);
  t.deepEqual([await store.get('old'), await getOld(oldStore, 'new')], [null, undefined]);
});

test('An old store without touch saves a session to prolong it.', async (t) => {
  const { store } = await createStore(t);
  const oldStore = Object.assign(new MemoryStore(), { touch: undefined });
  const fallback = new FallbackStore(store, oldStore, { move: false });
  await fallback.touch('sid', session(1));
  t.is((await getOld(oldStore, 'sid'))?.value, 1);
});

test('The methods take callbacks too.', async (t) => {
  const { fallback, oldStore } = await createFallback(t);
  await setOld(oldStore, 'sid', session(1));
  const found = await new Promise<SessionData | null | undefined>((resolve, reject) => {
    fallback.get('sid', (error, data) => (error ? reject(error) : resolve(data)));
  });
  t.is(found?.value, 1);
});

test('A wrong old store and a wrong option are argument errors.', async (t) => {
  const { store } = await createStore(t);
  t.throws(() => Reflect.construct(FallbackStore, [store, {}]), {
    instanceOf: ArgumentError,
    message: /^Expected `oldStore` to be a store with the methods get, set, destroy, got /,
  });
  t.throws(() => Reflect.construct(FallbackStore, [store, new MemoryStore(), { moves: true }]), {
    instanceOf: ArgumentError,
    message: 'Expected `options` to be made of move, got `moves`: did you mean `move`?',
  });
  t.throws(() => Reflect.construct(FallbackStore, [store, new MemoryStore(), { move: 1 }]), {
    instanceOf: ArgumentError,
    message: 'Expected `move` to be a boolean, got 1',
  });
});
