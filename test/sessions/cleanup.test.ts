import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { CleanupBlockedError, RoutineNotGrantedError } from '../../src';
import { cleanupBatchSize, cleanupRestFactor } from '../../src/contract';
import type { GcResult } from '../../src/routines/routine-results';
import { CleanupScheduler, cleanUp } from '../../src/sessions/cleanup';
import { now } from '../../src/util/timers';
import { openDatabase } from '../support/database';
import {
  createInstallation,
  createStore,
  idsIn,
  openStore,
  session,
  setExpiry,
} from '../support/store';
import { waitUntil } from '../support/wait-until';

test('The store deletes expired sessions in the background.', async (t) => {
  const { store, ...installation } = await createStore(t, {
    disableDbCleanup: false,
    cleanupInterval: 20,
  });
  await store.set('sid', session());
  await setExpiry(installation, -1);
  await t.notThrowsAsync(waitUntil(async () => (await idsIn(installation)).length === 0));
});

test('With disableDbCleanup, expired sessions stay in the table.', async (t) => {
  const { store, ...installation } = await createStore(t, {
    disableDbCleanup: true,
    cleanupInterval: 1,
  });
  await store.set('sid', session());
  await setExpiry(installation, -1);
  await sleep(100);
  t.deepEqual(await idsIn(installation), ['sid']);
});

test('One cleanup repeats batches until no expired session is left.', async (t) => {
  const { store, ...installation } = await createStore(t);
  await store.set('sid', session());
  await installation.query(
    `INSERT INTO sessions (sid, sess, expired, created_at, updated_at)
     SELECT CONCAT('sid-', ids.id), sess, expired, created_at, updated_at
     FROM sessions JOIN JSON_TABLE(?, '$[*]' COLUMNS (id INT PATH '$')) AS ids`,
    [JSON.stringify(Array.from({ length: 2_500 }, (_, id) => id))],
  );
  await setExpiry(installation, -1);
  t.is(await store.gc(), 2_501);
});

test('A failed cleanup reaches onDbCleanupError, and the next cleanup runs.', async (t) => {
  const { accountUrl, query } = await createInstallation(t);
  const errors: unknown[] = [];
  await query('DROP PROCEDURE sess_gc');
  openStore(t, accountUrl, {
    disableDbCleanup: false,
    cleanupInterval: 10,
    onDbCleanupError: (error) => errors.push(error),
  });
  await waitUntil(() => errors.length >= 3);
  t.true(errors.every((error) => error instanceof RoutineNotGrantedError));
});

test('The cleanup continues after onDbCleanupError throws.', async (t) => {
  const { accountUrl, query } = await createInstallation(t);
  await query('DROP PROCEDURE sess_gc');
  let calls = 0;
  openStore(t, accountUrl, {
    disableDbCleanup: false,
    cleanupInterval: 10,
    onDbCleanupError: () => {
      calls++;
      throw new Error('thrown by the handler');
    },
  });
  await t.notThrowsAsync(waitUntil(() => calls >= 3));
});

test('If another transaction holds all expired sessions, onDbCleanupError says how to find it.', async (t) => {
  const errors: unknown[] = [];
  const { store, ...installation } = await createStore(t);
  await store.set('sid', session());
  await setExpiry(installation, -60_000);
  const database = openDatabase(t, installation.url);
  await database.withConnection(async (other) => {
    await other.query('START TRANSACTION');
    await other.query('SELECT sid FROM sessions FOR UPDATE');
    const [[id] = []] = await other.query('SELECT CONNECTION_ID()');
    // Statements with such characters make other tables of the server refuse to answer.
    const write = database.query("UPDATE sessions SET sess = JSON_OBJECT('mood', '😀')");
    openStore(t, installation.accountUrl, {
      disableDbCleanup: false,
      cleanupInterval: 10,
      onDbCleanupError: (error) => errors.push(error),
    });
    await waitUntil(() => errors.length > 0);
    const remedy = /overdue by \d+ s, .* with: (.*)$/.exec(String(errors[0]))?.[1];
    const [row] = await installation.query(String(remedy));
    t.regex(String(row?.[2]), new RegExp(` thread id ${id}, `));
    await other.query('COMMIT');
    await write;
  });
  const [error] = errors;
  t.true(error instanceof CleanupBlockedError && error.overdueMs >= 60_000, String(error));
  await t.notThrowsAsync(waitUntil(async () => (await idsIn(installation)).length === 0));
});

test('Three cleanups in a row must be blocked, by sessions that are overdue.', async (t) => {
  const blocked = { deleted: 0, overdueMs: 1_000 };
  const results: GcResult[] = [
    ...[blocked, blocked, { deleted: 1, overdueMs: 1_000 }],
    ...[blocked, blocked, { deleted: 0, overdueMs: null }],
    ...[blocked, blocked, { deleted: 0, overdueMs: 0 }],
    ...[blocked, blocked, blocked],
  ];
  const errors: unknown[] = [];
  const errorsAtRun: number[] = [];
  const scheduler = new CleanupScheduler({
    interval: 1,
    run: async () => {
      errorsAtRun.push(errors.length);
      return results[errorsAtRun.length - 1] ?? { deleted: 0, overdueMs: null };
    },
    onError: (error) => errors.push(error),
  });
  await waitUntil(() => errorsAtRun.length > results.length);
  scheduler.stop();
  t.deepEqual(errorsAtRun.slice(0, 13), [...results.map(() => 0), 1]);
});

test('Several cleanups at the same time delete each session once.', async (t) => {
  const { store, ...installation } = await createStore(t);
  const sessions = Array.from({ length: 50 }, (_, n) => store.set(`sid-${n}`, session()));
  await Promise.all(sessions);
  await setExpiry(installation, -1);
  const deleted = await Promise.all([store.gc(), store.gc(), store.gc()]);
  t.is(
    deleted.reduce((sum, count) => sum + count),
    50,
  );
});

test('After close, no cleanup runs.', async (t) => {
  const { store, ...installation } = await createStore(t, {
    disableDbCleanup: false,
    cleanupInterval: 5,
  });
  await store.set('sid', session());
  await store.close();
  await setExpiry(installation, -1);
  await sleep(50);
  t.deepEqual(await idsIn(installation), ['sid']);
});

/** Answers each batch from the list, and records the limits. */
function fakeRoutines(...batches: Array<Partial<GcResult>>) {
  const limits: number[] = [];
  const gc = async (limit: number) => {
    limits.push(limit);
    const { deleted = 0, overdueMs = null } = batches[limits.length - 1] ?? {};
    return { deleted, overdueMs };
  };
  return { gc, limits };
}

test('By default, a batch deletes at most cleanupBatchSize sessions.', async (t) => {
  const routines = fakeRoutines({ deleted: cleanupBatchSize }, { deleted: 1 });
  t.deepEqual(await cleanUp(routines), { deleted: cleanupBatchSize + 1, overdueMs: null });
  t.deepEqual(routines.limits, [cleanupBatchSize, cleanupBatchSize]);
});

test('A cleanup ends if other transactions hold all expired sessions.', async (t) => {
  const routines = fakeRoutines({ deleted: 0, overdueMs: 7 });
  t.deepEqual(await cleanUp(routines), { deleted: 0, overdueMs: 7 });
});

test('A cleanup goes on after a batch in which other transactions held some sessions.', async (t) => {
  const routines = fakeRoutines({ deleted: 3, overdueMs: 7 }, { deleted: 1 });
  t.deepEqual(await cleanUp(routines, { limit: 4 }), { deleted: 4, overdueMs: null });
});

test('A cleanup ends after a batch if its signal is aborted.', async (t) => {
  const routines = fakeRoutines({ deleted: 5 }, { deleted: 5 });
  const result = await cleanUp(routines, { limit: 5, signal: AbortSignal.abort() });
  t.deepEqual(result, { deleted: 5, overdueMs: null });
});

test('A signal ends the rest of a cleanup, and no other batch starts.', async (t) => {
  const stop = new AbortController();
  const started = now();
  // A batch that lasts long is followed by a long rest.
  const routines = {
    gc: async () => {
      while (now() < started + 50) await sleep(10);
      return { deleted: 5, overdueMs: null };
    },
  };
  const cleaning = cleanUp(routines, {
    limit: 5,
    signal: stop.signal,
    onBatch: () => setImmediate(() => stop.abort()),
  });
  t.deepEqual(await cleaning, { deleted: 5, overdueMs: null });
});

test('onBatch gets the number of sessions deleted until then.', async (t) => {
  const totals: number[] = [];
  const routines = fakeRoutines({ deleted: 5 }, { deleted: 2 });
  await cleanUp(routines, { limit: 5, onBatch: (deleted) => totals.push(deleted) });
  t.deepEqual(totals, [5, 7]);
});

test('A cleanup pauses after a batch for cleanupRestFactor times its duration.', async (t) => {
  const times: number[] = [];
  const gc = async (limit: number) => {
    times.push(performance.now());
    await sleep(50);
    times.push(performance.now());
    return { deleted: times.length > 2 ? 0 : limit, overdueMs: null };
  };
  await cleanUp({ gc });
  const [start = 0, end = 0, next = 0] = times;
  t.true(next - end >= cleanupRestFactor * (end - start) - 5);
});
