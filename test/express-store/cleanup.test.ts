import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { RoutineNotGrantedError } from '../../src';
import { createInstallation, createStore, moveExpiry, openStore, session } from '../store';
import { until } from '../until';

test('Expired sessions are deleted without anyone asking.', async (t) => {
  const { store, ...installation } = await createStore(t, { disableDbCleanup: false, cleanupInterval: 20 });
  await store.set('sid', session());
  await moveExpiry(installation, -1);
  const isEmpty = async () => (await installation.query('SELECT sid FROM sessions')).length === 0;
  await t.notThrowsAsync(until(isEmpty));
});

test('With disableDbCleanup expired sessions stay where they are.', async (t) => {
  const { store, ...installation } = await createStore(t, { disableDbCleanup: true, cleanupInterval: 1 });
  await store.set('sid', session());
  await moveExpiry(installation, -1);
  await sleep(100);
  t.deepEqual(await installation.query('SELECT sid FROM sessions'), [['sid']]);
});

test('One cleanup repeats batches until nothing is left.', async (t) => {
  const { store, ...installation } = await createStore(t);
  await store.set('sid', session());
  await installation.query(
    `INSERT INTO sessions (sid, sess, expired, created_at, updated_at)
     SELECT CONCAT('sid-', ids.id), sess, expired, created_at, updated_at
     FROM sessions JOIN JSON_TABLE(?, '$[*]' COLUMNS (id INT PATH '$')) AS ids`,
    [JSON.stringify(Array.from({ length: 2_500 }, (_, id) => id))],
  );
  await moveExpiry(installation, -1);
  t.is(await store.gc(), 2_501);
});

test('A cleanup that fails reaches onDbCleanupError, and the next one comes all the same.', async (t) => {
  const { accountUrl, query } = await createInstallation(t);
  const errors: unknown[] = [];
  await query('DROP PROCEDURE sess_gc');
  openStore(t, accountUrl, {
    disableDbCleanup: false,
    cleanupInterval: 10,
    onDbCleanupError: (error) => errors.push(error),
  });
  await until(() => errors.length >= 3);
  t.true(errors.every((error) => error instanceof RoutineNotGrantedError));
});

test('A cleanup error handler that throws does not end the cleanup.', async (t) => {
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
  await t.notThrowsAsync(until(() => calls >= 3));
});

test('Two cleanups at once: one works, and the other finds it at work.', async (t) => {
  const { store, ...installation } = await createStore(t);
  const sessions = Array.from({ length: 50 }, (_, n) => store.set(`sid-${n}`, session()));
  await Promise.all(sessions);
  await moveExpiry(installation, -1);
  const deleted = await Promise.all([store.gc(), store.gc(), store.gc()]);
  t.is(
    deleted.reduce((sum, count) => sum + count),
    50,
  );
});

test('After close no cleanup comes any more.', async (t) => {
  const { store, ...installation } = await createStore(t, { disableDbCleanup: false, cleanupInterval: 5 });
  await store.set('sid', session());
  await store.close();
  await moveExpiry(installation, -1);
  await sleep(50);
  t.deepEqual(await installation.query('SELECT sid FROM sessions'), [['sid']]);
});
