import { randomBytes } from 'node:crypto';
import test from 'ava';
import { SessionFormatError } from '../../src/errors';
import { parseEncryption } from '../../src/options/encryption';
import { AesGcmCipher, plainTextCipher } from '../../src/sessions/session-cipher';
import { SessionIdHasher } from '../../src/sessions/session-id';

const [olderKey, newerKey] = [randomBytes(32), randomBytes(32)];
const text = '{"user":"ada","note":"Zoë 日本語 \\ud83d"}';
const ids = new SessionIdHasher(false);
const sid = ids.toStoredId('sid');

function createCipher(
  keys: Buffer[],
  { acceptPlain = false, idHasher = ids, context = 'sess_' } = {},
): AesGcmCipher {
  return new AesGcmCipher(parseEncryption({ keys, acceptPlain }), context, idHasher);
}

/** Encrypts the text, and changes one part of the envelope. */
function encryptAndChange(part: string, change: (value: unknown) => unknown): string {
  const envelope = JSON.parse(createCipher([olderKey]).encrypt(sid, text));
  return JSON.stringify({ ...envelope, [part]: change(envelope[part]) });
}

for (const [name, plain] of [
  ['JSON text', text],
  ['an empty text', ''],
  ['a text that is not JSON', 'not JSON at all'],
  ['a text of 100 KB', 'x'.repeat(100_000)],
] as const) {
  test(`${name} is equal after it was encrypted and decrypted.`, (t) => {
    const cipher = createCipher([olderKey]);
    t.is(cipher.decrypt(sid, cipher.encrypt(sid, plain)), plain);
  });
}

test('An encrypted text is a JSON object that shows neither the text nor the key.', (t) => {
  const encrypted = createCipher([olderKey]).encrypt(sid, text);
  t.deepEqual(Object.keys(JSON.parse(encrypted)), ['v', 'iv', 'key', 'tag', 'data']);
  const start = Buffer.from(text).toString('base64').slice(0, 12);
  const key = [olderKey.toString('base64'), olderKey.toString('hex')];
  // A word without its quotes can occur in base64 by chance.
  for (const secret of ['"ada"', '"user"', start, ...key]) {
    t.false(encrypted.includes(secret), secret);
  }
});

test('Each encryption of the same text has another initialization vector.', (t) => {
  const cipher = createCipher([olderKey]);
  const envelopes = Array.from({ length: 100 }, () => JSON.parse(cipher.encrypt(sid, text)));
  t.is(new Set(envelopes.map(({ iv }) => iv)).size, 100);
  t.is(new Set(envelopes.map(({ data }) => data)).size, 100);
});

test('A cipher with two keys decrypts the text of the older key.', (t) => {
  const encrypted = createCipher([olderKey]).encrypt(sid, text);
  t.is(createCipher([newerKey, olderKey]).decrypt(sid, encrypted), text);
});

test('A cipher with two keys encrypts with the first.', (t) => {
  const encrypted = createCipher([newerKey, olderKey]).encrypt(sid, text);
  t.is(createCipher([newerKey]).decrypt(sid, encrypted), text);
});

test('The error for a text whose key was removed has the id of the key.', (t) => {
  const encrypted = createCipher([olderKey]).encrypt(sid, text);
  t.throws(() => createCipher([newerKey]).decrypt(sid, encrypted), {
    instanceOf: SessionFormatError,
    message: `The session is encrypted with a key ${JSON.parse(encrypted).key} that is not among \`encryption.keys\``,
  });
});

test('The text of another installation cannot be decrypted, with the same key and id.', (t) => {
  const encrypted = createCipher([olderKey], { context: 'admin_' }).encrypt(sid, text);
  t.throws(() => createCipher([olderKey]).decrypt(sid, encrypted), {
    instanceOf: SessionFormatError,
    message: /another session or installation$/,
  });
});

test('The text of another session cannot be decrypted.', (t) => {
  const cipher = createCipher([olderKey]);
  const encrypted = cipher.encrypt(ids.toStoredId('one'), text);
  t.throws(() => cipher.decrypt(ids.toStoredId('other'), encrypted), {
    instanceOf: SessionFormatError,
    message:
      /^The session cannot be decrypted: .+ has the text of another session or installation$/,
  });
});

test('A text from before hashIds can be decrypted with hashIds.', (t) => {
  const encrypted = createCipher([olderKey]).encrypt(sid, text);
  const idHasher = new SessionIdHasher(true);
  const cipher = createCipher([olderKey], { idHasher });
  t.is(cipher.decrypt(idHasher.toStoredId('sid'), encrypted), text);
});

const flipBit = (value: unknown) => {
  const bytes = Buffer.from(String(value), 'base64');
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  return bytes.toString('base64');
};

const changedTexts: Record<string, string> = {
  'another vector': encryptAndChange('iv', flipBit),
  'a shorter vector': encryptAndChange('iv', (iv) => String(iv).slice(0, 8)),
  'no vector': encryptAndChange('iv', () => null),
  'another tag': encryptAndChange('tag', flipBit),
  'a shorter tag': encryptAndChange('tag', (tag) =>
    Buffer.from(String(tag), 'base64').subarray(0, 4).toString('base64'),
  ),
  'an empty tag': encryptAndChange('tag', () => ''),
  'other data': encryptAndChange('data', flipBit),
  'shorter data': encryptAndChange('data', (data) => String(data).slice(0, -4)),
  'no data': encryptAndChange('data', () => ({})),
  'another key': encryptAndChange('key', () => '00000000'),
  'a key that is an object': encryptAndChange('key', () => ({ s3cret: 1 })),
  'a newer version': encryptAndChange('v', () => 2),
  'a version that is a string': encryptAndChange('v', () => '1'),
  'an additional part': encryptAndChange('cookie', () => ({})),
};

for (const [name, changed] of Object.entries(changedTexts)) {
  test(`The error for an encrypted text with ${name} shows nothing of it.`, (t) => {
    const { message, cause } = t.throws(() => createCipher([olderKey]).decrypt(sid, changed), {
      instanceOf: SessionFormatError,
    });
    t.is(cause, undefined);
    t.false(/s3cret|sid|ada/.test(message));
  });
}

for (const plain of ['{}', '[]', '{"v":1}', text, '"v"', '{"v": 1, broken']) {
  test(`The plain text ${plain} is refused.`, (t) => {
    t.throws(() => createCipher([olderKey]).decrypt(sid, plain), {
      instanceOf: SessionFormatError,
      message: /^The session is not encrypted\. .+ only if `acceptPlain` is true$/,
    });
  });

  test(`With acceptPlain, the plain text ${plain} is accepted.`, (t) => {
    t.is(createCipher([olderKey], { acceptPlain: true }).decrypt(sid, plain), plain);
  });
}

test('With acceptPlain, an encrypted text that was changed is refused.', (t) => {
  const cipher = createCipher([olderKey], { acceptPlain: true });
  t.throws(() => cipher.decrypt(sid, encryptAndChange('tag', flipBit)), {
    instanceOf: SessionFormatError,
  });
});

for (const [layout, indent] of [
  ['without white space', undefined],
  ['with white space', 1],
] as const) {
  test(`Without encryption, an encrypted text ${layout} is refused.`, (t) => {
    const encrypted = createCipher([olderKey]).encrypt(sid, text);
    const stored = JSON.stringify(JSON.parse(encrypted), undefined, indent);
    t.throws(() => plainTextCipher.decrypt(sid, stored), {
      instanceOf: SessionFormatError,
      message: 'The session is encrypted, but the store has no option `encryption`',
    });
  });
}

test('Without encryption, a plain text is stored and read unchanged.', (t) => {
  t.is(plainTextCipher.encrypt(sid, text), text);
  t.is(plainTextCipher.decrypt(sid, text), text);
});
