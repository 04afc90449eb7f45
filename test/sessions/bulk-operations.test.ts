import test from 'ava';
import { createStore, idsIn, session, setExpiry } from '../support/store';

test('all returns every live session with its id, in the order of the ids.', async (t) => {
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

test('ids returns the id of every live session across pages.', async (t) => {
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

test('all, ids and length ignore expired sessions.', async (t) => {
  const { store, ...installation } = await createStore(t);
  await store.set('old', session());
  await setExpiry(installation, -1);
  await store.set('new', session());
  t.deepEqual(
    [await store.ids(), (await store.all()).length, await store.length()],
    [['new'], 1, 1],
  );
});

test('clear deletes every session.', async (t) => {
  const { store, ...installation } = await createStore(t);
  await store.set('a', session());
  await store.set('b', session());
  await store.clear();
  t.deepEqual(await idsIn(installation), []);
});

test('gc deletes only expired sessions, and returns how many.', async (t) => {
  const { store, ...installation } = await createStore(t);
  await store.set('a', session());
  await store.set('b', session());
  await setExpiry(installation, -1);
  await store.set('c', session());
  t.is(await store.gc(), 2);
  t.deepEqual(await idsIn(installation), ['c']);
});

test('clear repeats batches until the table is empty.', async (t) => {
  const { store, ...installation } = await createStore(t);
  await store.set('sid', session());
  await installation.query(
    `INSERT INTO sessions (sid, sess, expired, created_at, updated_at)
     SELECT CONCAT('sid-', ids.id), sess, expired, created_at, updated_at
     FROM sessions JOIN JSON_TABLE(?, '$[*]' COLUMNS (id INT PATH '$')) AS ids`,
    [JSON.stringify(Array.from({ length: 1_500 }, (_, id) => id))],
  );
  await store.clear();
  t.deepEqual(await idsIn(installation), []);
});
