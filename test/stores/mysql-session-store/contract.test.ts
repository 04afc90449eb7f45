import test from 'ava';
import { createStore, session } from '../../support/store';

test('A session is equal after a set and a get.', async (t) => {
  const { store } = await createStore(t);
  const original = session({ cart: [1, 2, { deep: true }], name: 'Zoë' });
  await store.set('sid', original);
  t.deepEqual((await store.get('sid'))?.value, original.value);
});

test('A callback gets null and no error for an id without a session.', async (t) => {
  const { store } = await createStore(t);
  const args = await new Promise((resolve) => store.get('nobody', (...args) => resolve(args)));
  t.deepEqual(args, [null, null]);
});

test('A second set of a new session replaces the first.', async (t) => {
  const { store } = await createStore(t);
  await store.set('sid', Object.assign(session(), { first: 1 }));
  await store.set('sid', session(2));
  t.deepEqual(Object.keys((await store.get('sid')) ?? {}).sort(), ['cookie', 'value']);
});

test('A destroyed session is gone.', async (t) => {
  const { store } = await createStore(t);
  await store.set('sid', session());
  await store.destroy('sid');
  t.is(await store.get('sid'), null);
});

test('To destroy a missing session is no error.', async (t) => {
  const { store } = await createStore(t);
  await t.notThrowsAsync(async () => store.destroy('nobody'));
});

test('Ids that differ in letter case have different sessions.', async (t) => {
  const { store } = await createStore(t);
  await store.set('Sid', session('upper'));
  await store.set('sid', session('lower'));
  t.deepEqual(
    [(await store.get('Sid'))?.value, (await store.get('sid'))?.value],
    ['upper', 'lower'],
  );
});

test('An id can have 255 characters.', async (t) => {
  const { store } = await createStore(t);
  const sid = '~'.repeat(255);
  await store.set(sid, session('long'));
  t.is((await store.get(sid))?.value, 'long');
});

for (const [name, sid] of [
  ['with a trailing blank', 'sid '],
  ['of 256 characters', 'a'.repeat(256)],
  ['that is empty', ''],
  ['that is not ASCII', 'sïd'],
] as const) {
  test(`An id ${name} finds no session.`, async (t) => {
    const { store } = await createStore(t);
    await store.set('sid', session());
    t.is(await store.get(sid), null);
  });

  test(`A write with an id ${name} is refused.`, async (t) => {
    const { store, query } = await createStore(t);
    await store.set('sid', session(1));
    const before = await query('SELECT sid, sess, expired FROM sessions');
    for (const write of [
      () => store.set(sid, session(2)),
      () => store.touch(sid, session()),
      () => store.destroy(sid),
    ]) {
      await t.throwsAsync(write, {
        message: /^Expected `sid` to be a string of 1 to 255 visible ASCII characters/,
      });
    }
    t.deepEqual(await query('SELECT sid, sess, expired FROM sessions'), before);
  });
}

test('A session that a script set without a cookie has no cookie.', async (t) => {
  const { store } = await createStore(t);
  const { cookie, ...bare } = session('bare');
  await Reflect.apply(store.set, store, ['sid', bare]);
  t.deepEqual(await store.get('sid'), { value: 'bare' } as never);
});

test('A change after the call of set is not saved.', async (t) => {
  const { store } = await createStore(t);
  const live = session({ count: 1 });
  const stored = store.set('sid', live);
  live.value = { count: 2 };
  await stored;
  t.deepEqual((await store.get('sid'))?.value, { count: 1 });
});

test('A custom serializer writes and reads the text.', async (t) => {
  const { store, query } = await createStore(t, {
    serializer: {
      stringify: (data) => JSON.stringify({ wrapped: data }),
      parse: (text) => JSON.parse(text).wrapped,
    },
  });
  await store.set('sid', session('mine'));
  t.is((await store.get('sid'))?.value, 'mine');
  t.deepEqual(
    await query("SELECT JSON_UNQUOTE(JSON_EXTRACT(sess, '$.wrapped.value')) FROM sessions"),
    [['mine']],
  );
});
