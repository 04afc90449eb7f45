import test, { type ExecutionContext } from 'ava';
import { ArgumentError, MySQLSessionStore, RoutineNotGrantedError } from '../../src';
import { addAttribute, grant, type Role } from '../../src/install';
import type { LimitByOptions } from '../../src/sessions/bulk-options';
import { createInstallation, idsIn, patientBudget, session } from '../support/store';

const attributes = { user_id: 'number' } as const;

async function createStores(
  t: ExecutionContext,
  roles: readonly Role[] = ['limit_user_id'],
  count = 1,
) {
  const database = await createInstallation(t, []);
  const attribute = { name: 'user_id', path: '$.value.user', type: 'BIGINT' };
  await addAttribute({ connection: database.url }, attribute);
  const account = await database.createAccount();
  for (const role of ['application' as const, ...roles]) {
    await grant({ connection: database.url }, account.name, role);
  }
  const stores = Array.from({ length: count }, () => {
    const store = new MySQLSessionStore({
      connection: account.url,
      disableDbCleanup: true,
      retryBudget: patientBudget,
      attributes,
    });
    t.teardown(() => store.close());
    return store;
  });
  return { ...database, account, stores };
}

async function createStore(t: ExecutionContext, roles?: readonly Role[]) {
  const { stores, ...installation } = await createStores(t, roles);
  const [store] = stores;
  if (store === undefined) throw new Error('Expected a store, got none.');
  return { ...installation, store };
}

const sessionOf = (user: number) => session({ user });

test('limitBy ends all sessions of a user but the newest, and returns their ids.', async (t) => {
  const { store, ...installation } = await createStore(t);
  for (const sid of ['b', 'a', 'c', 'd']) await store.set(sid, sessionOf(42));
  await store.set('other', sessionOf(43));
  t.deepEqual((await store.limitBy('user_id', 42, { keep: 2 })).toSorted(), ['a', 'b']);
  t.deepEqual(await idsIn(installation), ['c', 'd', 'other']);
});

test('limitBy keeps the session of the request.', async (t) => {
  const { store, ...installation } = await createStore(t);
  for (const sid of ['b', 'a', 'c']) await store.set(sid, sessionOf(42));
  t.deepEqual(await store.limitBy('user_id', 42, { keep: 1, except: 'b' }), ['c', 'a']);
  t.deepEqual(await idsIn(installation), ['b']);
});

test('limitBy by seen keeps the session that was touched last.', async (t) => {
  const { store, ...installation } = await createStore(t);
  for (const sid of ['b', 'a']) await store.set(sid, sessionOf(42));
  await installation.query('UPDATE sessions SET updated_at = updated_at - INTERVAL 1 HOUR');
  await store.touch('b', session({ user: 42 }, 7_200_000));
  t.deepEqual(await store.limitBy('user_id', 42, { keep: 1, by: 'seen' }), ['a']);
});

test('A late request does not bring back a session that limitBy ended.', async (t) => {
  const { store, ...installation } = await createStore(t);
  await store.set('old', sessionOf(42));
  const loaded = (await store.get('old')) ?? session();
  await store.set('new', sessionOf(42));
  await store.limitBy('user_id', 42, { keep: 1 });
  await store.set('old', Object.assign(loaded, { value: { user: 42, cart: [] } }));
  t.deepEqual(await idsIn(installation), ['new']);
});

for (const keep of [1, 3]) {
  test(`If logins race, exactly ${keep} of the sessions are left.`, async (t) => {
    const { stores, ...installation } = await createStores(t, ['limit_user_id'], 4);
    for (let round = 0; round < 5; round++) {
      await Promise.all(
        stores.flatMap((store, index) =>
          Array.from({ length: 4 }, async (_, login) => {
            const sid = `${(login * 7 + index * 3 + round) % 16}-${round}-${index}-${login}`;
            await store.set(sid, sessionOf(42));
            await store.limitBy('user_id', 42, { keep, except: sid });
          }),
        ),
      );
      t.is((await idsIn(installation)).length, keep);
    }
  });
}

test('countBy returns the number of live sessions of a user.', async (t) => {
  const { store } = await createStore(t, ['count_user_id']);
  for (const sid of ['a', 'b', 'c']) await store.set(sid, sessionOf(42));
  t.deepEqual([await store.countBy('user_id', 42), await store.countBy('user_id', 43)], [3, 0]);
});

test('Without its role, each of the two names the command that grants it.', async (t) => {
  const { store } = await createStore(t, []);
  await t.throwsAsync(store.countBy('user_id', 42), {
    instanceOf: RoutineNotGrantedError,
    message: /--role count_user_id/,
  });
  await t.throwsAsync(store.limitBy('user_id', 42, { keep: 1 }), {
    instanceOf: RoutineNotGrantedError,
    message: /--role limit_user_id/,
  });
});

for (const role of ['limit_user_id', 'count_user_id'] as const) {
  test(`The role ${role} alone is enough for ready().`, async (t) => {
    const { store } = await createStore(t, [role]);
    await t.notThrowsAsync(async () => store.ready());
  });
}

for (const [options, message] of [
  [
    undefined,
    'Expected `options` to be an object such as { keep: 3, except: req.sessionID }, got undefined',
  ],
  [{}, 'Expected `keep` to be a whole number, 1 to 500, got undefined'],
  [{ keep: 0 }, 'Expected `keep` to be a whole number, 1 to 500, got 0'],
  [{ keep: 501 }, 'Expected `keep` to be a whole number, 1 to 500, got 501'],
  [{ keep: 1.5 }, 'Expected `keep` to be a whole number, 1 to 500, got 1.5'],
  [{ keep: 1, by: 'age' }, "Expected `by` to be 'created' or 'seen', got \"age\""],
  [
    { keeps: 1 },
    'Expected `options` to be made of keep, except, by, got `keeps`: did you mean `keep`?',
  ],
  [
    { keep: 1, except: 7 },
    'Expected `except` to be a session id of 1 to 255 visible ASCII characters, or omitted, got a number',
  ],
] as const) {
  test(`limitBy refuses ${JSON.stringify(options)}.`, async (t) => {
    const store = new MySQLSessionStore({
      connection: 'mysql://127.0.0.1:1/none',
      attributes,
      disableDbCleanup: true,
    });
    t.teardown(() => store.close());
    await t.throwsAsync(store.limitBy('user_id', 42, options as LimitByOptions), {
      instanceOf: ArgumentError,
      message,
    });
  });
}
