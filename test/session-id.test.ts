import test from 'ava';
import { ArgumentError } from '../src/errors';
import { assertSessionId, isSessionId } from '../src/session-id';

for (const sid of ['a', '!', '~', 'koa:sess:x', 'a'.repeat(255)]) {
  test(`An id of ${sid.length} characters such as ${sid.slice(0, 10)} is taken.`, (t) => {
    t.true(isSessionId(sid));
  });
}

for (const [name, sid] of [
  ['an empty text', ''],
  ['a blank within', 'a b'],
  ['a blank at the end', 'a '],
  ['a line feed at the end', 'a\n'],
  ['a control character', 'a\u0000'],
  ['a letter that is not ASCII', 'é'],
  ['256 characters', 'a'.repeat(256)],
  ['undefined', undefined],
  ['a number', 7],
  ['an array', ['a']],
] as const) {
  test(`${name} is not taken for an id.`, (t) => {
    t.false(isSessionId(sid));
  });
}

test('The error for a wrong id does not show the id.', (t) => {
  const { message } = t.throws(() => assertSessionId('s3cret id'), { instanceOf: ArgumentError });
  t.is(
    message,
    'Expected `sid` to be a string of 1 to 255 visible ASCII characters, got a string of 9 characters',
  );
});
