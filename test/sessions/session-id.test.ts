import { createHash } from 'node:crypto';
import test from 'ava';
import { ArgumentError } from '../../src/errors';
import {
  asStoredId,
  assertSessionId,
  isSessionId,
  SessionIdHasher,
} from '../../src/sessions/session-id';

for (const sid of ['a', '!', '~', 'koa:sess:x', 'a'.repeat(255)]) {
  test(`${sid.slice(0, 10)} with ${sid.length} characters is a session id.`, (t) => {
    t.true(isSessionId(sid));
  });
}

for (const [name, sid] of [
  ['an empty string', ''],
  ['a string with a blank', 'a b'],
  ['a string with a trailing blank', 'a '],
  ['a string with a trailing line feed', 'a\n'],
  ['a string with a control character', 'a\u0000'],
  ['a string with a letter that is not ASCII', 'é'],
  ['a string of 256 characters', 'a'.repeat(256)],
  ['undefined', undefined],
  ['a number', 7],
  ['an array', ['a']],
] as const) {
  test(`A session id cannot be ${name}.`, (t) => {
    t.false(isSessionId(sid));
  });
}

test('The error for an invalid session id does not show it.', (t) => {
  t.throws(() => assertSessionId('s3cret id'), {
    instanceOf: ArgumentError,
    message:
      'Expected `sid` to be a string of 1 to 255 visible ASCII characters, got a string of 9 characters',
  });
});

test('The error for a session id that is no string has its type.', (t) => {
  t.throws(() => assertSessionId(7), {
    instanceOf: ArgumentError,
    message: 'Expected `sid` to be a string of 1 to 255 visible ASCII characters, got a number',
  });
});

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

test('Without hashIds, the stored id is the session id.', (t) => {
  t.is(String(new SessionIdHasher(false).toStoredId('sid')), 'sid');
});

test('With hashIds, the stored id is the SHA-256 of the session id.', (t) => {
  t.is(String(new SessionIdHasher(true).toStoredId('sid')), hashOf('sid'));
});

test('A session id that is a hash is hashed again.', (t) => {
  t.is(String(new SessionIdHasher(true).toStoredId(hashOf('sid'))), hashOf(hashOf('sid')));
});

for (const hashIds of [false, true]) {
  test(`The hash of a stored id is the hash of the session id with hashIds ${hashIds}.`, (t) => {
    const hasher = new SessionIdHasher(hashIds);
    t.is(hasher.hashOf(hasher.toStoredId('sid')), hashOf('sid'));
  });
}

test('The hash of an id that was stored before hashIds is the hash of the session id.', (t) => {
  t.is(new SessionIdHasher(true).hashOf(asStoredId('sid')), hashOf('sid'));
});
