import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { lockStatus } from '../concurrency/lock-status';
import { createInstallation, openStore } from '../store';
import { Visitors } from './visitors';

const clients = 200;
const expired = 200_000;
const duration = 60_000;

test.serial(
  'Two hundred clients for a minute, beside the cleanup of 200,000 sessions, see no failure and no deadlock.',
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
    const store = openStore(t, accountUrl);
    const cleaner = openStore(t, accountUrl);
    const guests = await Visitors.invite(t, [store], clients);
    const cleaning = cleaner.gc();
    const { answered, failures, breaks, longest } = await guests.during(() => sleep(duration));
    const [left] = await query('SELECT COUNT(*) FROM sessions WHERE expired <= UTC_TIMESTAMP(3)');
    // It gives way to the clients, and ends when they are gone.
    const deleted = await cleaning;
    const after = await lockStatus(installation);
    t.log(
      `${answered} visits, the longest stall ${longest} ms, ${expired - Number(left?.[0])} sessions deleted meanwhile`,
    );
    t.is(deleted, expired);
    t.deepEqual([failures, breaks], [[], []]);
    t.is(after.deadlocks, before.deadlocks);
  },
);
