import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { lockStatus } from '../e2e/concurrency/lock-status';
import { createInstallation, openDefaultStore } from '../support/store';
import { Visitors } from './visitors';

const visitorCount = 200;
const expiredCount = 200_000;

/** In milliseconds. */
const duration = 60_000;

test.serial(
  'Two hundred visitors see no failure and no deadlock during a cleanup of 200,000 sessions.',
  async (t) => {
    t.timeout(600_000);
    const installation = await createInstallation(t);
    const { accountUrl, query } = installation;
    await query(
      `INSERT INTO sessions (sid, sess, expired, created_at, updated_at)
     WITH RECURSIVE digit (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM digit WHERE n < 9)
     SELECT SHA2(CONCAT_WS('.', a.n, b.n, c.n, d.n, e.n, f.n), 256), '{"cookie":{},"user":1}',
       UTC_TIMESTAMP(3) - INTERVAL 1 DAY, UTC_TIMESTAMP(3) - INTERVAL 2 DAY, UTC_TIMESTAMP(3) - INTERVAL 2 DAY
     FROM digit a, digit b, digit c, digit d, digit e, digit f WHERE a.n < 2`,
    );
    const before = await lockStatus(installation);
    const store = openDefaultStore(t, accountUrl);
    const cleaner = openDefaultStore(t, accountUrl);
    const visitors = await Visitors.start(t, [store], visitorCount);
    const cleanup = cleaner.gc();
    const { succeeded, failures, wrongCounts, longest } = await visitors.visitDuring(() =>
      sleep(duration),
    );
    const [left] = await query('SELECT COUNT(*) FROM sessions WHERE expired <= UTC_TIMESTAMP(3)');
    // The cleanup pauses under load, so it can end after the visits.
    const deleted = await cleanup;
    const after = await lockStatus(installation);
    t.log(
      `${succeeded} visits, the longest ${longest} ms, ` +
        `${expiredCount - Number(left?.[0])} sessions deleted in that time`,
    );
    t.is(deleted, expiredCount);
    t.deepEqual([failures, wrongCounts], [[], []]);
    t.is(after.deadlocks, before.deadlocks);
  },
);
