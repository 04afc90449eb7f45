import test from 'ava';
import { ConnectionTracker } from '../../src/database/connection-tracker';

// Times are those at which the openings began. The answers can come in another order.

/** Tests a connection whose opening began at a time. Returns whether its server is the latest. */
function openAndTest(tracker: ConnectionTracker, openedAt: number, server: string) {
  const connection = {};
  tracker.opened(connection, openedAt);
  tracker.beginTest(connection);
  return { connection, isLatest: tracker.identified(connection, server) };
}

test('A newer connection to another server makes all older ones outdated, and not itself.', (t) => {
  const tracker = new ConnectionTracker();
  const older = [1, 2].map((time) => openAndTest(tracker, time, 'old'));
  const newer = openAndTest(tracker, 3, 'new');
  t.deepEqual(
    [...older, newer].map(({ connection }) => tracker.isOutdated(connection)),
    [true, true, false],
  );
});

test('An older connection that answers late does not make its server the latest.', (t) => {
  const tracker = new ConnectionTracker();
  openAndTest(tracker, 1, 'old');
  const newer = openAndTest(tracker, 3, 'new');
  const late = openAndTest(tracker, 2, 'old');
  t.deepEqual([newer.isLatest, late.isLatest], [true, false]);
  t.false(tracker.isOutdated(newer.connection));
});

test('If several servers serve at once, another test changes nothing.', (t) => {
  const tracker = new ConnectionTracker();
  const one = openAndTest(tracker, 1, 'one');
  const other = openAndTest(tracker, 2, 'other');
  tracker.beginTest(one.connection);
  t.false(tracker.identified(one.connection, 'one'));
  t.deepEqual(
    [one, other].map(({ connection }) => tracker.isOutdated(connection)),
    [false, false],
  );
});

test('A test that began before a change of server does not count.', (t) => {
  const tracker = new ConnectionTracker();
  const { connection } = openAndTest(tracker, 1, 'old');
  tracker.beginTest(connection);
  openAndTest(tracker, 2, 'new');
  tracker.identified(connection, 'old');
  t.true(tracker.isOutdated(connection));
});

test('A connection that the application opened is untested, and older than all others.', (t) => {
  const tracker = new ConnectionTracker();
  const { connection } = openAndTest(tracker, 1, 'new');
  const unseen = {};
  t.true(tracker.isUntested(unseen));
  tracker.beginTest(unseen);
  t.false(tracker.identified(unseen, 'old'));
  t.false(tracker.isOutdated(connection));
});
