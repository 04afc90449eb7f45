import test from 'ava';
import { bootForFile } from '../../support/boot';
import { runCleanupLoad } from './cleanup-load';

// The deadlock counter counts for the whole server, so other tests must not use it.
bootForFile();

/** Milliseconds of load without a deadlock. */
const duration = 10_000;

/** Milliseconds to wait for the deadlock of a cleanup that is known to cause one. */
const deadlockTimeout = 240_000;

test.serial('No deadlock occurs while cleanups delete expired sessions.', async (t) => {
  t.timeout(300_000);
  const end = Date.now() + duration;
  let deleted = 0;
  const { calls, waits, deadlocks, failures, cleanupFailures } = await runCleanupLoad(
    t,
    async (_, routines) => {
      const batch = await routines.gc(1_000);
      deleted += batch.deleted;
    },
    () => Date.now() < end,
  );
  t.log(`${calls} calls, ${deleted} sessions deleted, ${waits} waits for a lock`);
  t.deepEqual([failures, cleanupFailures], [[], []]);
  t.is(deadlocks, 0);
  t.true(deleted > 0);
});

test.serial(
  'Under the same load, one DELETE of all expired sessions causes a deadlock.',
  async (t) => {
    t.timeout(300_000);
    const end = Date.now() + deadlockTimeout;
    const { deadlocks, calls } = await runCleanupLoad(
      t,
      ({ query }) => query('DELETE FROM sessions WHERE expired <= UTC_TIMESTAMP(3)'),
      (locks) => locks.deadlocks === 0 && Date.now() < end,
    );
    t.log(`A deadlock within ${calls} calls`);
    t.true(deadlocks > 0);
  },
);
