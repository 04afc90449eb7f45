import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import test from 'ava';
import { ArgumentError } from '../../src/errors';
import { parseEncryption } from '../../src/options/encryption';

const key = randomBytes(32);
const text = key.toString('base64');

test('A key is 32 bytes or their base64 text.', (t) => {
  const [bytes, base64] = [key, text].map((one) => parseEncryption({ keys: [one] }));
  t.is(bytes?.current.id, base64?.current.id);
  t.true(base64 && bytes?.current.secret.equals(base64.current.secret));
});

test('Each key has another id of eight hexadecimal digits.', (t) => {
  const { keys } = parseEncryption({ keys: [key, randomBytes(32)] });
  const ids = [...keys.keys()];
  t.is(ids.length, 2);
  t.true(ids.every((id) => /^[0-9a-f]{8}$/.test(id)));
});

test('The first key encrypts.', (t) => {
  const { current, keys } = parseEncryption({ keys: [key, randomBytes(32)] });
  t.is(current.id, [...keys.keys()][0] ?? '');
  t.is(current.id, parseEncryption({ keys: [key] }).current.id);
});

test('Plain sessions are refused unless `acceptPlain` is true.', (t) => {
  t.false(parseEncryption({ keys: [key] }).acceptPlain);
  t.true(parseEncryption({ keys: [key], acceptPlain: true }).acceptPlain);
});

test('A caller can wipe the bytes of a key after the check.', (t) => {
  const bytes = Buffer.from(key);
  const { current } = parseEncryption({ keys: [bytes] });
  bytes.fill(0);
  t.true(parseEncryption({ keys: [key] }).current.secret.equals(current.secret));
});

test('Printing the checked option shows no key.', (t) => {
  const printed = inspect(parseEncryption({ keys: [text] }), { depth: null, showHidden: true });
  t.false(printed.includes(text.slice(0, 8)));
  t.false(printed.includes(key.toString('hex').slice(0, 8)));
});

const wrong: Record<string, [value: unknown, message: RegExp]> = {
  nothing: [null, /^Expected `encryption` to be an object such as .+, got null$/],
  'a key without a list': [
    text,
    /^Expected `encryption` to be an object .+, got a string of 44 characters$/,
  ],
  'the bytes of a key without a list': [
    key,
    /^Expected `encryption` to be an object .+, got an instance of Buffer$/,
  ],
  'a list without a name': [
    [text],
    /^Expected `encryption` to be an object .+, got an instance of Array$/,
  ],
  'an unknown option': [
    { keys: [text], [text]: 1 },
    /^Expected `encryption` to be made of keys, acceptPlain, context, got another option$/,
  ],
  'an empty context': [
    { keys: [text], context: '' },
    /^Expected `encryption.context` to be a text, not empty, got a string of 0 characters$/,
  ],
  'no keys': [{}, /^Expected `encryption.keys` to be an array of keys, got undefined$/],
  'a string as `keys`': [
    { keys: text },
    /^Expected `encryption.keys` to be .+, got a string of 44 characters$/,
  ],
  'an empty list': [
    { keys: [] },
    /^Expected `encryption.keys` to be an array of at least one key, got an empty array/,
  ],
  'a key of 16 bytes': [
    { keys: [key.subarray(16)] },
    /^Expected `encryption.keys\[0\]` to be .+, got 16 bytes$/,
  ],
  'a password': [
    { keys: [text, 'correct horse'] },
    /^Expected `encryption.keys\[1\]` to be .+openssl rand -base64 32.+, got a string of 13 characters$/,
  ],
  'a key with a line feed': [{ keys: [`${text}\n`] }, /got a string of 45 characters$/],
  'a key as hexadecimal': [{ keys: [key.toString('hex')] }, /got a string of 64 characters$/],
  'a number as a key': [{ keys: [7] }, /got a number$/],
  'one key twice': [
    { keys: [text, key] },
    /^Expected `encryption.keys` to be an array of different keys, got one key twice/,
  ],
  'a string as `acceptPlain`': [
    { keys: [text], acceptPlain: 'yes' },
    /^Expected `encryption.acceptPlain` to be a boolean, got a string of 3 characters$/,
  ],
};

for (const [name, [value, message]] of Object.entries(wrong)) {
  test(`The option encryption refuses ${name} and does not show it.`, (t) => {
    const error = t.throws(() => parseEncryption(value), { instanceOf: ArgumentError, message });
    const shown = inspect(error, { depth: null });
    t.false([text, key.toString('hex'), 'correct horse'].some((secret) => shown.includes(secret)));
  });
}
