import test, { type ExecutionContext } from 'ava';
import { MemoryStore, type SessionData, type Store } from 'express-session';
import { ArgumentError, type FallbackOptions, FallbackStore } from '../../../src';
import { createStore, idsIn, millisecondsLeft, openStore, session } from '../../support/store';

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

test('A session that another process moves between the two reads is found.', async (t) => {
  const { store } = await createStore(t);
  const moveElsewhere = async () => {
    await store.set('sid', session(1));
    return null;
  };
  const fallback = new FallbackStore(store, scriptedStore([moveElsewhere]));
  t.is((await fallback.get('sid'))?.value, 1);
  t.deepEqual(fallback.counts, { found: 0, missing: 0 });
});

test('What the caller changes after a save is not saved.', async (t) => {
  const { fallback, store } = await createFallback(t);
  const data = session(1);
  const saved = fallback.set('sid', data);
  Object.assign(data, { value: 2 });
  await saved;
  t.is((await store.get('sid'))?.value, 1);
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

test('Of two processes that move a session, only the one that creates it ends the old one.', async (t) => {
  const { store, accountUrl } = await createStore(t);
  let isInOldStore = true;
  const readOld = async () => (isInOldStore ? session(1) : null);
  let reportCreated = () => {};
  const created = new Promise<void>((resolve) => {
    reportCreated = resolve;
  });
  const laterStore = scriptedStore([() => created.then(readOld), readOld]);
  const destroy = (_sid: string, done?: (error?: unknown) => void) => {
    isInOldStore = false;
    done?.();
  };
  const later = new FallbackStore(
    openStore(t, accountUrl),
    Object.assign(laterStore, { destroy }),
  ).get('sid');
  // The later process ends its move while the first one is between its two reads.
  const checkLast = async () => {
    reportCreated();
    await later;
    return readOld();
  };
  const first = new FallbackStore(store, scriptedStore([readOld, checkLast])).get('sid');
  t.deepEqual(
    (await Promise.all([first, later])).map((data) => data?.value),
    [1, 1],
  );
  t.is((await store.get('sid'))?.value, 1);
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

test('With move: false, a late save does not bring back a session that ended elsewhere.', async (t) => {
  const { fallback, oldStore, store, ...installation } = await createFallback(t, { move: false });
  await setOld(oldStore, 'sid', session(1));
  const late = (await fallback.get('sid')) ?? session();
  const mover = new FallbackStore(store, oldStore);
  await mover.get('sid');
  await mover.destroy('sid');
  await fallback.set('sid', Object.assign(late, { value: 2 }));
  await fallback.touch('sid', late);
  t.is(await mover.get('sid'), null);
  t.deepEqual(await idsIn(installation), []);
});

test('With move: false, a late save follows a session that moved.', async (t) => {
  const { fallback, oldStore, store, ...installation } = await createFallback(t, { move: false });
  await setOld(oldStore, 'sid', session(1, 1_800_000));
  const late = (await fallback.get('sid')) ?? session();
  await new FallbackStore(store, oldStore).get('sid');
  late.cookie.expires = new Date(Date.now() + 3_600_000);
  await fallback.touch('sid', late);
  const { sid: left = 0 } = await millisecondsLeft(installation);
  t.true(left > 3_500_000);
  await fallback.set('sid', Object.assign(late, { value: 2 }));
  t.is((await store.get('sid'))?.value, 2);
  t.falsy(await getOld(oldStore, 'sid'));
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
