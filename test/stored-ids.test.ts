import { createHash } from 'node:crypto';
import test from 'ava';
import { givenId, StoredIds } from '../src/stored-ids';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

test('Without hashing, an id is stored as it is.', (t) => {
  t.is(String(new StoredIds(false).of('sid')), 'sid');
});

test('With hashing, the SHA-256 of an id is stored.', (t) => {
  t.is(String(new StoredIds(true).of('sid')), hashOf('sid'));
});

test('A hash that comes for an id is hashed again.', (t) => {
  t.is(String(new StoredIds(true).of(hashOf('sid'))), hashOf(hashOf('sid')));
});

test('The hash of a stored id is that of the id, whether ids are hashed or not.', (t) => {
  const [clear, hashed] = [new StoredIds(false), new StoredIds(true)];
  t.is(clear.hashOf(clear.of('sid')), hashOf('sid'));
  t.is(hashed.hashOf(hashed.of('sid')), hashOf('sid'));
});

test('The hash of an id from before ids were hashed is that of the id.', (t) => {
  t.is(new StoredIds(true).hashOf(givenId('sid')), hashOf('sid'));
});
