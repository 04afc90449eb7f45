import { promisify } from 'node:util';
import test from 'ava';
import { createStore, moveExpiry, session } from '../store';

test('A session that was set is got back equal.', async (t) => {
  const { store } = await createStore(t);
  const original = session({ cart: [1, 2, { deep: true }], name: 'Zoë' });
  await store.set('sid', original);
  t.deepEqual((await store.get('sid'))?.value, original.value);
});

test('A miss is null and no error, also through a callback.', async (t) => {
  const { store } = await createStore(t);
  const args = await new Promise((resolve) => store.get('nobody', (...args) => resolve(args)));
  t.deepEqual(args, [null, null]);
});

test('Setting a session again replaces it whole.', async (t) => {
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

test('Destroying a session that is not there is fine.', async (t) => {
  const { store } = await createStore(t);
  await t.notThrowsAsync(async () => store.destroy('nobody'));
});

test('Every method answers a callback as it answers a promise.', async (t) => {
  const { store } = await createStore(t);
  const answers = [
    await promisify((done: (error: unknown) => void) => store.ready(done))(),
    await promisify((done: (error: unknown) => void) => store.set('sid', session(1), done))(),
    await promisify((done: (error: unknown) => void) => store.touch('sid', session(1), done))(),
    (await promisify((done: Parameters<typeof store.get>[1]) => store.get('sid', done))())?.value,
    await promisify((done: Parameters<typeof store.length>[0]) => store.length(done))(),
    await promisify((done: Parameters<typeof store.ids>[0]) => store.ids(done))(),
    (await promisify((done: Parameters<typeof store.all>[0]) => store.all(done))())?.length,
    await promisify((done: Parameters<typeof store.gc>[0]) => store.gc(done))(),
    await promisify((done: (error: unknown) => void) => store.destroy('sid', done))(),
    await promisify((done: (error: unknown) => void) => store.clear(done))(),
    await promisify((done: (error: unknown) => void) => store.close(done))(),
  ];
  t.deepEqual(answers, [
    undefined,
    undefined,
    undefined,
    1,
    1,
    ['sid'],
    1,
    0,
    undefined,
    undefined,
    undefined,
  ]);
});

test('All gives every live session with its id, in the order of the ids.', async (t) => {
  const { store } = await createStore(t);
  await store.set('b', session(2));
  await store.set('a', session(1));
  t.deepEqual(
    (await store.all()).map(({ id, value }) => [id, value]),
    [
      ['a', 1],
      ['b', 2],
    ],
  );
});

test('Ids gives the id of every live session across pages.', async (t) => {
  const { store, query } = await createStore(t);
  const sids = Array.from({ length: 2_500 }, (_, n) => `sid-${String(n).padStart(5, '0')}`);
  await query(
    `INSERT INTO sessions (sid, sess, expired, created_at, updated_at)
     SELECT sid, '{}', UTC_TIMESTAMP(3) + INTERVAL 1 HOUR, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)
     FROM JSON_TABLE(?, '$[*]' COLUMNS (sid VARCHAR(255) PATH '$')) AS sids`,
    [JSON.stringify(sids)],
  );
  t.deepEqual(await store.ids(), sids);
});

test('Expired sessions are in no list and no count.', async (t) => {
  const { store, ...installation } = await createStore(t);
  await store.set('old', session());
  await moveExpiry(installation, -1);
  await store.set('new', session());
  t.deepEqual([await store.ids(), (await store.all()).length, await store.length()], [['new'], 1, 1]);
});

test('Clear removes every session.', async (t) => {
  const { store, query } = await createStore(t);
  await store.set('a', session());
  await store.set('b', session());
  await store.clear();
  t.deepEqual(await query('SELECT COUNT(*) FROM sessions'), [[0]]);
});

test('Gc deletes what has expired and nothing else, and says how many.', async (t) => {
  const { store, ...installation } = await createStore(t);
  await store.set('a', session());
  await store.set('b', session());
  await moveExpiry(installation, -1);
  await store.set('c', session());
  t.is(await store.gc(), 2);
  t.deepEqual(await installation.query('SELECT sid FROM sessions'), [['c']]);
});

test('Ids that differ in letter case are different sessions.', async (t) => {
  const { store } = await createStore(t);
  await store.set('Sid', session('upper'));
  await store.set('sid', session('lower'));
  t.deepEqual([(await store.get('Sid'))?.value, (await store.get('sid'))?.value], ['upper', 'lower']);
});

test('An id of 255 characters works.', async (t) => {
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
  test(`An id ${name} is a miss on read.`, async (t) => {
    const { store } = await createStore(t);
    await store.set('sid', session());
    t.is(await store.get(sid), null);
  });

  test(`An id ${name} is an error on every write, and nothing is written.`, async (t) => {
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

test('A session set without a cookie, as by a script, comes back without one.', async (t) => {
  const { store } = await createStore(t);
  const { cookie, ...bare } = session('bare');
  await Reflect.apply(store.set, store, ['sid', bare]);
  t.deepEqual(await store.get('sid'), { value: 'bare' } as never);
});

test('A session is stored as it was when set was called, whatever becomes of it afterwards.', async (t) => {
  const { store } = await createStore(t);
  const live = session({ count: 1 });
  const stored = store.set('sid', live);
  live.value = { count: 2 };
  await stored;
  t.deepEqual((await store.get('sid'))?.value, { count: 1 });
});

test('A serializer of one’s own writes the text and reads it.', async (t) => {
  const { store, query } = await createStore(t, {
    serializer: {
      stringify: (data) => JSON.stringify({ wrapped: data }),
      parse: (text) => JSON.parse(text).wrapped,
    },
  });
  await store.set('sid', session('mine'));
  t.is((await store.get('sid'))?.value, 'mine');
  t.deepEqual(await query("SELECT JSON_UNQUOTE(JSON_EXTRACT(sess, '$.wrapped.value')) FROM sessions"), [
    ['mine'],
  ]);
});
