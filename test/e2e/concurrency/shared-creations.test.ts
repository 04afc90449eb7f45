import test from 'ava';
import { ArgumentError } from '../../../src';
import { bootForFile } from '../../support/boot';
import { openDatabase } from '../../support/database';
import { createStore, openStore, session, setExpiry } from '../../support/store';
import { waitUntil } from '../../support/wait-until';
import { countCalls, formatCalls } from './call-counter';
import { lockStatus } from './lock-status';

// The lock counters count for the whole server, so other tests must not use it.
bootForFile();

const sids = Array.from({ length: 200 }, (_, n) => `sid-${n}`);

test.serial('New sessions share calls, and each is created or replaced.', async (t) => {
  const created = await createStore(t);
  await created.store.set('sid-60', session('expired'));
  await setExpiry(created, -1_000);
  await created.store.set('sid-50', session('live'));
  const counts = countCalls(t);
  await Promise.all(sids.map((sid, n) => created.store.set(sid, session(n))));
  t.log(formatCalls(counts));
  t.true((counts.get('sess_add_many') ?? 0) > 0);
  t.true((counts.get('sess_set') ?? 0) < 10);
  const read = await Promise.all(sids.map((sid) => created.store.get(sid)));
  t.deepEqual(
    read.map((data) => data?.value),
    [...sids.keys()],
  );
});

test.serial('A session that the server refuses harms no other new session.', async (t) => {
  const { store } = await createStore(t);
  const deep = JSON.parse(`${'['.repeat(150)}${']'.repeat(150)}`);
  const results = await Promise.allSettled(
    sids.map(async (sid, n) => store.set(sid, session(n === 100 ? deep : n))),
  );
  t.deepEqual(
    results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason instanceof ArgumentError] : [],
    ),
    [true],
  );
  t.is(await store.length(), sids.length - 1);
});

test.serial('A locked session delays no other new session.', async (t) => {
  const created = await createStore(t);
  await created.store.set('sid-100', session('old'));
  await openDatabase(t, created.url).withConnection(async (other) => {
    await other.query('START TRANSACTION');
    await other.query("SELECT * FROM sessions WHERE sid = 'sid-100' FOR UPDATE");
    const saves = sids.map(async (sid, n) => created.store.set(sid, session(n)));
    const locked = saves[100];
    await Promise.all(saves.filter((saving) => saving !== locked));
    await other.query('ROLLBACK');
    await locked;
  });
  t.is((await created.store.get('sid-100'))?.value, 100);
});

test.serial(
  'Stores that create the same sessions, load and delete them see no deadlock.',
  async (t) => {
    const created = await createStore(t);
    const before = await lockStatus(created);
    const counts = countCalls(t);
    const stores = Array.from({ length: 4 }, () => openStore(t, created.accountUrl));
    const shared = sids.slice(0, 40);
    await Promise.all(
      stores.flatMap((store, own) =>
        shared.map(async (sid, n) => {
          for (let round = 0; round < 5; round++) {
            await store.set(sid, session(`${own}-${round}`));
            await store.set(`${sid}-${own}`, session(round));
            const loaded = await store.get(sid);
            if (loaded) await store.set(sid, Object.assign(loaded, { value: round }));
            if (n % 4 === 0) await store.destroy(sid);
          }
        }),
      ),
    );
    t.log(formatCalls(counts));
    t.true((counts.get('sess_add_many') ?? 0) > 0);
    t.is((await lockStatus(created)).deadlocks, before.deadlocks);
    const ids = await created.store.ids();
    t.is(ids.filter((sid) => /^sid-\d+-\d$/.test(sid)).length, 4 * shared.length);
  },
);

test.serial(
  'Of two calls that wait for a deletion, one adds the session, and none deadlocks.',
  async (t) => {
    const created = await createStore(t);
    await created.store.set('sid', session('old'));
    const before = await lockStatus(created);
    const account = openDatabase(t, created.accountUrl);
    const add = () => account.query("CALL sess_add('sid', '{}', 60000)");
    await openDatabase(t, created.url).withConnection(async (other) => {
      await other.query('START TRANSACTION');
      await other.query("DELETE FROM sessions WHERE sid = 'sid'");
      const adding = Promise.all([add(), add()]);
      await waitUntil(async () => (await lockStatus(created)).waiting === 2);
      await other.query('COMMIT');
      t.deepEqual((await adding).flat(2).sort(), [0, 1]);
    });
    t.is((await lockStatus(created)).deadlocks, before.deadlocks);
  },
);
