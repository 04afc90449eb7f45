import test from 'ava';
import { ArgumentError, SessionFormatError } from '../src/errors';
import { deserialize, serialize } from '../src/serializer';

test('A session becomes its JSON text.', (t) => {
  t.is(serialize(JSON, { name: 'Zoë' }), '{"name":"Zoë"}');
});

test('A cycle is refused, and the reason is given.', (t) => {
  const session: { self?: unknown } = {};
  session.self = session;
  const { message } = t.throws(() => serialize(JSON, session), { instanceOf: ArgumentError });
  t.regex(message, /^Expected `session` to be an object that JSON can hold, got .*circular/);
});

test('A BigInt is refused, and the reason is given.', (t) => {
  const { message } = t.throws(() => serialize(JSON, { n: 1n }), { instanceOf: ArgumentError });
  t.regex(message, /^Expected `session` to be an object that JSON can hold, got .*BigInt/);
});

for (const wrong of [undefined, null, 'text', 1]) {
  test(`${String(wrong)} is no session.`, (t) => {
    t.is(t.throws(() => serialize(JSON, wrong), { instanceOf: ArgumentError }).argument, 'session');
  });
}

test('A serializer that gives no text is named.', (t) => {
  const serializer = { stringify: () => undefined as unknown as string, parse: JSON.parse };
  t.is(
    t.throws(() => serialize(serializer, {}), { instanceOf: ArgumentError }).argument,
    'serializer.stringify',
  );
});

test('A text that the serializer can not read is an error that does not show the text.', (t) => {
  const error = t.throws(() => deserialize(JSON, '{"secret": oops'), { instanceOf: SessionFormatError });
  t.notRegex(`${error.message}${error.stack}${error.cause}`, /secret|oops/);
});

test('A text that is no object is no session.', (t) => {
  t.throws(() => deserialize(JSON, '7'), {
    instanceOf: SessionFormatError,
    message: /to be a JSON object, got 7$/,
  });
});
