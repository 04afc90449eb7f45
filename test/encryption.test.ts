import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import test from 'ava';
import { encryptionOf } from '../src/encryption';
import { ArgumentError } from '../src/errors';

const key = randomBytes(32);
const text = key.toString('base64');

test('A key is 32 bytes, or these as base64.', (t) => {
  const [bytes, base64] = [key, text].map((one) => encryptionOf({ keys: [one] }));
  t.is(bytes?.current.id, base64?.current.id);
  t.true(base64 && bytes?.current.secret.equals(base64.current.secret));
});

test('The id of a key is eight hexadecimal digits, and another one for another key.', (t) => {
  const { keys } = encryptionOf({ keys: [key, randomBytes(32)] });
  const ids = [...keys.keys()];
  t.is(ids.length, 2);
  t.true(ids.every((id) => /^[0-9a-f]{8}$/.test(id)));
});

test('The first key is the one that encrypts.', (t) => {
  const { current, keys } = encryptionOf({ keys: [key, randomBytes(32)] });
  t.is(current.id, [...keys.keys()][0] ?? '');
  t.is(current.id, encryptionOf({ keys: [key] }).current.id);
});

test('Sessions that are not encrypted are refused unless the option says otherwise.', (t) => {
  t.false(encryptionOf({ keys: [key] }).acceptPlain);
  t.true(encryptionOf({ keys: [key], acceptPlain: true }).acceptPlain);
});

test('Whoever wipes the bytes of a key afterwards does not change it.', (t) => {
  const bytes = Buffer.from(key);
  const { current } = encryptionOf({ keys: [bytes] });
  bytes.fill(0);
  t.true(encryptionOf({ keys: [key] }).current.secret.equals(current.secret));
});

test('Printing shows nothing of a key.', (t) => {
  const printed = inspect(encryptionOf({ keys: [text] }), { depth: null, showHidden: true });
  t.false(printed.includes(text.slice(0, 8)));
  t.false(printed.includes(key.toString('hex').slice(0, 8)));
});

const wrong: Record<string, [value: unknown, message: RegExp]> = {
  nothing: [null, /^Expected `encryption` to be an object such as .+, got null$/],
  'a key alone': [text, /^Expected `encryption` to be an object .+, got a string of 44 characters$/],
  'the bytes of a key alone': [key, /^Expected `encryption` to be an object .+, got an instance of Buffer$/],
  'a list alone': [[text], /^Expected `encryption` to be an object .+, got an instance of Array$/],
  'an option that does not exist': [
    { keys: [text], [text]: 1 },
    /^Expected `encryption` to be made of keys and acceptPlain, got something else besides$/,
  ],
  'no keys': [{}, /^Expected `encryption.keys` to be an array of keys, got undefined$/],
  'a key for keys': [{ keys: text }, /^Expected `encryption.keys` to be .+, got a string of 44 characters$/],
  'an empty list': [{ keys: [] }, /^Expected `encryption.keys` to be an array of one key or more, got an em/],
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
  'a number for a key': [{ keys: [7] }, /got a number$/],
  'one key twice': [
    { keys: [text, key] },
    /^Expected `encryption.keys` to be keys of which no two are the same/,
  ],
  'a text for a switch': [
    { keys: [text], acceptPlain: 'yes' },
    /^Expected `encryption.acceptPlain` to be a boolean, got a string of 3 characters$/,
  ],
};

for (const [name, [value, message]] of Object.entries(wrong)) {
  test(`${name} for the option encryption is refused by name, and not shown.`, (t) => {
    const error = t.throws(() => encryptionOf(value), { instanceOf: ArgumentError, message });
    const shown = inspect(error, { depth: null });
    t.false([text, key.toString('hex'), 'correct horse'].some((secret) => shown.includes(secret)));
  });
}
