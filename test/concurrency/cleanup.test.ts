import test from 'ava';
import { bootForFile } from '../matrix/private-server';
import { churn } from './churn';

// The deadlocks that it counts are to be of these tests alone.
bootForFile();

/** In milliseconds. */
const stress = 10_000;

/** How long a cleanup may take at most to end in a deadlock that is known to, in milliseconds. */
const patience = 120_000;

test.serial('Nobody ends in a deadlock while expired sessions are deleted.', async (t) => {
  t.timeout(300_000);
  const end = Date.now() + stress;
  let deleted = 0;
  const { calls, waits, deadlocks, failures, cleanupFailures } = await churn(
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

test.serial('One DELETE of all that is expired would end in a deadlock, by the same users.', async (t) => {
  t.timeout(300_000);
  const end = Date.now() + patience;
  const { deadlocks, calls } = await churn(
    t,
    ({ query }) => query('DELETE FROM sessions WHERE expired <= UTC_TIMESTAMP(3)'),
    (soFar) => soFar.deadlocks === 0 && Date.now() < end,
  );
  t.log(`A deadlock within ${calls} calls`);
  t.true(deadlocks > 0);
});
