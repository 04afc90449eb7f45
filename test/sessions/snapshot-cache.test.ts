import test from 'ava';
import type { StoredId } from '../../src/sessions/session-id';
import { type Snapshot, SnapshotCache } from '../../src/sessions/snapshot-cache';

const megabyte = 1024 * 1024;

const snapshotOf = (sid: string, characters: number): Snapshot => ({
  sid,
  storedId: sid as StoredId,
  text: 'x'.repeat(characters),
  expiresAt: 0,
  createdAt: 0,
});

function fill(cache: SnapshotCache, sids: readonly string[], characters: number): void {
  for (const sid of sids) cache.set({}, snapshotOf(sid, characters));
}

const knownOf = (cache: SnapshotCache, sids: readonly string[]) =>
  sids.filter((sid) => cache.getById(sid));

test('The cache by id forgets the sessions that were used longest ago, beyond 16 MB.', (t) => {
  const cache = new SnapshotCache(true);
  const sids = ['a', 'b', 'c', 'd', 'e'];
  fill(cache, sids.slice(0, 4), 4 * megabyte);
  cache.getById('a');
  fill(cache, ['e'], 4 * megabyte);
  t.deepEqual(knownOf(cache, sids), ['a', 'c', 'd', 'e']);
});

test('A replaced or deleted snapshot takes no room.', (t) => {
  const cache = new SnapshotCache(true);
  fill(cache, ['a', 'a', 'a', 'a', 'a', 'b'], 4 * megabyte);
  cache.deleteById('b');
  fill(cache, ['c', 'd', 'e'], 4 * megabyte);
  t.deepEqual(knownOf(cache, ['a', 'b', 'c', 'd', 'e']), ['a', 'c', 'd', 'e']);
});

test('A session that is larger than the cache is not in it, and others stay.', (t) => {
  const cache = new SnapshotCache(true);
  fill(cache, ['a', 'b'], 1);
  fill(cache, ['a'], 17 * megabyte);
  t.deepEqual(knownOf(cache, ['a', 'b']), ['b']);
});

test('The cache by id has at most 10,000 sessions.', (t) => {
  const cache = new SnapshotCache(true);
  const sids = Array.from({ length: 10_001 }, (_, index) => String(index));
  fill(cache, sids, 1);
  t.is(knownOf(cache, sids).length, 10_000);
});

test('Without a cache by id, only the object has its snapshot.', (t) => {
  const cache = new SnapshotCache(false);
  const session = {};
  const snapshot = snapshotOf('a', 1);
  cache.set(session, snapshot);
  t.is(cache.getById('a'), undefined);
  t.is(cache.get('a', session), snapshot);
});
