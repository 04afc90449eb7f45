import test from 'ava';
import { ArgumentError, SessionFormatError } from '../../src/errors';
import { deserialize, serialize } from '../../src/sessions/serializer';

test('A session is stored as JSON text.', (t) => {
  t.is(serialize(JSON, { name: 'Zoë' }), '{"name":"Zoë"}');
});

test('The error for a session with a cycle has the reason.', (t) => {
  const session: { self?: unknown } = {};
  session.self = session;
  t.throws(() => serialize(JSON, session), {
    instanceOf: ArgumentError,
    message: /^Expected `session` to be serializable, got .*circular/,
  });
});

test('The error for a session with a BigInt has the reason.', (t) => {
  t.throws(() => serialize(JSON, { n: 1n }), {
    instanceOf: ArgumentError,
    message: /^Expected `session` to be serializable, got .*BigInt/,
  });
});

test('The error for a serializer that throws a text does not show it.', (t) => {
  const stringify = () => {
    throw 'secret';
  };
  t.throws(() => serialize({ stringify, parse: JSON.parse }, { name: 'Zoë' }), {
    instanceOf: ArgumentError,
    message:
      'Expected `session` to be serializable, got an object that is not: a string of 6 characters',
  });
});

for (const session of [undefined, null, 'text', 1]) {
  test(`A session cannot be ${String(session)}.`, (t) => {
    const error = t.throws(() => serialize(JSON, session), { instanceOf: ArgumentError });
    t.is(error.argument, 'session');
  });
}

test('The error for a serializer that returns no text names serializer.stringify.', (t) => {
  const serializer = { stringify: () => undefined as unknown as string, parse: JSON.parse };
  const error = t.throws(() => serialize(serializer, {}), { instanceOf: ArgumentError });
  t.is(error.argument, 'serializer.stringify');
});

test('The error for a text that the serializer cannot parse does not show the text.', (t) => {
  const error = t.throws(() => deserialize(JSON, '{"secret": oops'), {
    instanceOf: SessionFormatError,
  });
  t.notRegex(`${error.message}${error.stack}${error.cause}`, /secret|oops/);
});

test('A text that is not an object is not a session.', (t) => {
  t.throws(() => deserialize(JSON, '7'), {
    instanceOf: SessionFormatError,
    message: /to be a JSON object, got a number$/,
  });
});
