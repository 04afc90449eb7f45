import test from 'ava';
import type { Connection } from '../../src/database/connection';
import { DatabaseError } from '../../src/errors';
import { BatchedRoutines } from '../../src/routines/batched-routines';
import { RetryPolicy } from '../../src/routines/retry-policy';
import { RoutineClient } from '../../src/routines/routine-client';
import type { Save } from '../../src/routines/write-list';
import { openDatabase } from '../support/database';
import {
  createInstallation,
  createStore,
  openStore,
  session,
  setExpiry,
  type TestInstallation,
} from '../support/store';
import { waitUntil } from '../support/wait-until';

// Serial: each test floods the server. At the same time, on a busy machine, they would time out.
const sids = Array.from({ length: 200 }, (_, n) => `sid-${n}`);

test.serial('Concurrent reads of many sessions return the right sessions.', async (t) => {
  const { store } = await createStore(t);
  await Promise.all(sids.map((sid, n) => store.set(sid, session(n))));
  const read = await Promise.all([...sids, 'unknown'].map((sid) => store.get(sid)));
  t.deepEqual(
    read.map((got) => got?.value),
    [...sids.keys(), undefined],
  );
});

test.serial('Concurrent reads of one session return separate objects.', async (t) => {
  const { store } = await createStore(t);
  await store.set('sid', session({ count: 1 }));
  const read = await Promise.all(sids.map(() => store.get('sid')));
  t.is(new Set(read).size, sids.length);
  t.is(new Set(read.map((got) => got?.value)).size, sids.length);
});

test.serial('A batched read returns what an earlier save wrote.', async (t) => {
  const { store } = await createStore(t);
  for (let n = 0; n < 50; n++) {
    const others = sids.map((sid) => store.get(sid));
    await store.set('sid', session(n));
    const [got] = await Promise.all([store.get('sid'), ...others]);
    t.is(got?.value, n);
  }
});

test.serial('Concurrent touches of many sessions give each session its lifetime.', async (t) => {
  const created = await createStore(t, { touchAfter: 0 });
  await Promise.all(sids.map((sid) => created.store.set(sid, session())));
  await Promise.all(
    sids.map((sid, n) => created.store.touch(sid, session(0, (n + 1) * 1_000_000))),
  );
  const rows = await created.query(
    'SELECT sid, ROUND(TIMESTAMPDIFF(SECOND, updated_at, expired) / 1000) FROM sessions',
  );
  t.deepEqual(
    Object.fromEntries(rows.map(([sid, seconds]) => [sid, Number(seconds)])),
    Object.fromEntries(sids.map((sid, n) => [sid, n + 1])),
  );
});

test.serial('A batch of touches locks the sessions in the order of their ids.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  const database = openDatabase(t, accountUrl);
  const lists: unknown[] = [];
  const recorder: Connection = {
    query: (statement, parameters, deadline) => {
      lists.push(JSON.parse(String(parameters?.[0])));
      return database.query(statement, parameters, deadline);
    },
  };
  await new RoutineClient(database, 'sess_').set('b', '{}', 60_000);
  const touches = ['c', 'B', 'b', 'b', 'a'].map((sid) => ({ sid, ttlMs: 60_000 }));
  const touched = await new RoutineClient(recorder, 'sess_').touchMany(touches);
  t.deepEqual(lists, [['B', 'a', 'b', 'b', 'c'].map((sid) => [sid, 60_000])]);
  t.deepEqual(touched, [false, false, true, true, false]);
});

test.serial('Concurrent touches report each session that was deleted.', async (t) => {
  const created = await createStore(t);
  await Promise.all(sids.slice(0, 100).map((sid) => created.store.set(sid, session())));
  const lost: string[] = [];
  created.store.on('lost', (sid: string) => lost.push(sid));
  await Promise.all(sids.map((sid) => created.store.touch(sid, session())));
  await waitUntil(() => lost.length >= 100);
  t.deepEqual(lost.sort(), sids.slice(100).sort());
});

test.serial('A locked session does not delay the other sessions of its batch.', async (t) => {
  const created = await createStore(t, { touchAfter: 0 });
  await Promise.all(sids.map((sid) => created.store.set(sid, session())));
  await setExpiry(created, 1_000_000);
  await openDatabase(t, created.url).withConnection(async (other) => {
    await other.query('START TRANSACTION');
    await other.query("SELECT * FROM sessions WHERE sid = 'sid-100' FOR UPDATE");
    const touches = sids.map((sid) => created.store.touch(sid, session()));
    const locked = touches[100];
    await Promise.all(touches.filter((touch) => touch !== locked));
    await other.query('ROLLBACK');
    await t.notThrowsAsync(async () => locked);
  });
});

test.serial('A locked session does not delay the saves of other sessions.', async (t) => {
  const created = await createStore(t);
  await Promise.all(sids.map((sid) => created.store.set(sid, session())));
  const load = () => Promise.all(sids.map((sid) => created.store.get(sid)));
  const [first, second] = [await load(), await load()];
  const save = (loaded: typeof first, value: unknown) =>
    loaded.map((data, n) => created.store.set(sids[n] ?? '', { ...session(), ...data, value }));
  await openDatabase(t, created.url).withConnection(async (other) => {
    await other.query('START TRANSACTION');
    await other.query("SELECT * FROM sessions WHERE sid = 'sid-100' FOR UPDATE");
    const saves = [...save(first, 'first'), ...save(second, 'second')];
    const locked = [saves[100], saves[300]];
    await Promise.all(saves.filter((saving) => !locked.includes(saving)));
    await other.query('ROLLBACK');
    await Promise.all(locked);
  });
  const values = (await load()).map((data) => data?.value);
  t.deepEqual(values.toSpliced(100, 1), Array(199).fill('second'));
});

test.serial('A session that cannot be read fails alone in its batch.', async (t) => {
  const created = await createStore(t);
  await Promise.all(sids.map((sid, n) => created.store.set(sid, session(n))));
  await created.query("UPDATE sessions SET sess = '1' WHERE sid = 'sid-100'");
  const read = await Promise.allSettled(sids.map(async (sid) => created.store.get(sid)));
  t.deepEqual(
    read.flatMap(({ status }, n) => (status === 'rejected' ? [n] : [])),
    [100],
  );
});

for (const [account, urlOf] of [
  ['a DBA', ({ url }: TestInstallation) => url],
  ['an application', ({ accountUrl }: TestInstallation) => accountUrl],
] as const) {
  test.serial(
    `If the batch routines are missing, the account of ${account} calls for each session alone.`,
    async (t) => {
      const installation = await createInstallation(t);
      await installation.query('DROP PROCEDURE sess_get_many');
      await installation.query('DROP PROCEDURE sess_touch_many');
      await installation.query('DROP PROCEDURE sess_save_many');
      await installation.query('DROP PROCEDURE sess_add_many');
      const store = openStore(t, urlOf(installation), { touchAfter: 0 });
      await Promise.all(sids.map((sid, n) => store.set(sid, session(n))));
      const read = await Promise.all(sids.map((sid) => store.get(sid)));
      t.deepEqual(
        read.map((got) => got?.value),
        [...sids.keys()],
      );
      await Promise.all(read.map((got, n) => store.set(sids[n] ?? '', { ...got, ...session(-n) })));
      await Promise.all(sids.map((sid) => store.touch(sid, session(0, 1_000_000_000))));
      const [row] = await installation.query(
        'SELECT COUNT(*) FROM sessions WHERE expired > UTC_TIMESTAMP(3) + INTERVAL 10 DAY',
      );
      t.is(Number(row?.[0]), sids.length);
    },
  );
}

/** Records the routines of calls. Those for several sessions fail, the others find the session. */
function failingBatches(error: Error): { connection: Connection; routines: string[] } {
  const routines: string[] = [];
  const query: Connection['query'] = async (statement) => {
    const routine = /sess_\w+/.exec(statement)?.[0] ?? '';
    routines.push(routine);
    if (routine.endsWith('_many')) {
      throw error;
    }
    return [];
  };
  return { connection: { query }, routines };
}

const merges = ['a', 'b', 'c'].map(
  (sid): Save => ({
    kind: 'merge',
    sid,
    ttlMs: null,
    changed: '["x",1]',
    removed: '[]',
    isSingleKey: true,
  }),
);

for (const [name, number] of [
  ['deadlock', 1213],
  ['lock wait timeout', 1205],
] as const) {
  test.serial(`After a ${name}, a batch of saves is repeated one save at a time.`, async (t) => {
    const error = new DatabaseError(name, { code: name, errno: number, sqlState: '40001' });
    const { connection, routines } = failingBatches(error);
    const client = new RoutineClient(connection, 'sess_', 'application', new RetryPolicy(60_000));
    const batched = new BatchedRoutines(client);
    const saved = await Promise.all(merges.map((save) => batched.save(save, 1_000_000)));
    t.deepEqual(saved, [true, true, true]);
    t.deepEqual(routines, ['sess_merge', 'sess_save_many', 'sess_merge', 'sess_merge']);
  });

  test.serial(`After a ${name}, a batch of new sessions is repeated one at a time.`, async (t) => {
    const error = new DatabaseError(name, { code: name, errno: number, sqlState: '40001' });
    const { connection, routines } = failingBatches(error);
    const client = new RoutineClient(connection, 'sess_', 'application', new RetryPolicy(60_000));
    const batched = new BatchedRoutines(client);
    await Promise.all(
      ['a', 'b', 'c'].map((sid) =>
        batched.create({ kind: 'add', sid, ttlMs: 60_000, sess: '{}' }, 1_000_000),
      ),
    );
    t.deepEqual(routines, ['sess_set', 'sess_add_many', 'sess_set', 'sess_set']);
  });
}

for (const [what, code, number] of [
  ['no reply comes to', 'PROTOCOL_CONNECTION_LOST', undefined],
  ['the server that shuts down refuses', 'ER_SERVER_SHUTDOWN', 1053],
] as const) {
  test.serial(`If ${what} a batch until its budget is spent, each save fails.`, async (t) => {
    const failure = { code, errno: number, sqlState: undefined };
    const { connection, routines } = failingBatches(new DatabaseError('failed', failure));
    const client = new RoutineClient(connection, 'sess_', 'application', new RetryPolicy(50));
    const batched = new BatchedRoutines(client);
    const saved = await Promise.allSettled(merges.map((save) => batched.save(save, 1_000_000)));
    t.deepEqual(
      saved.map(({ status }) => status),
      ['fulfilled', 'rejected', 'rejected'],
    );
    // The first save was alone. Another call for each of the others would take the budget again.
    t.deepEqual(
      routines.filter((routine) => routine === 'sess_merge'),
      ['sess_merge'],
    );
  });
}

test.serial('Saves that are too long for one statement together are several calls.', async (t) => {
  const { connection, routines } = failingBatches(new Error('no batch is expected'));
  const batched = new BatchedRoutines(new RoutineClient(connection, 'sess_'));
  await Promise.all(merges.map((save) => batched.save(save, 100)));
  t.deepEqual(routines, ['sess_merge', 'sess_merge', 'sess_merge']);
});
