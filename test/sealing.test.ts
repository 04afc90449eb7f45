import { randomBytes } from 'node:crypto';
import test from 'ava';
import { encryptionOf } from '../src/encryption';
import { SessionFormatError } from '../src/errors';
import { Sealed, unsealed } from '../src/sealing';
import { StoredIds } from '../src/stored-ids';

const [older, newer] = [randomBytes(32), randomBytes(32)];
const text = '{"user":"ada","note":"Zoë 日本語 \\ud83d"}';

function sealing(keys: Buffer[], { acceptPlain = false, hashIds = false } = {}) {
  const ids = new StoredIds(hashIds);
  return { ids, sealed: new Sealed(encryptionOf({ keys, acceptPlain }), ids) };
}

/** The text, sealed for an id, with a part of it changed. */
function changed(part: string, change: (value: unknown) => unknown): string {
  const { ids, sealed } = sealing([older]);
  const parts = JSON.parse(sealed.seal(ids.of('sid'), text));
  return JSON.stringify({ ...parts, [part]: change(parts[part]) });
}

test('A sealed text comes back as it was.', (t) => {
  const { ids, sealed } = sealing([older]);
  for (const whole of [text, '', 'no JSON at all', 'x'.repeat(100_000)]) {
    t.is(sealed.open(ids.of('sid'), sealed.seal(ids.of('sid'), whole)), whole);
  }
});

test('A sealed text is a JSON object that shows nothing of the text, nor of the key.', (t) => {
  const { ids, sealed } = sealing([older]);
  const stored = sealed.seal(ids.of('sid'), text);
  t.deepEqual(Object.keys(JSON.parse(stored)), ['v', 'iv', 'key', 'tag', 'data']);
  for (const secret of ['ada', 'user', older.toString('base64'), older.toString('hex')]) {
    t.false(stored.includes(secret));
  }
});

test('The same text is sealed with another vector each time.', (t) => {
  const { ids, sealed } = sealing([older]);
  const stored = Array.from({ length: 100 }, () => JSON.parse(sealed.seal(ids.of('sid'), text)));
  t.is(new Set(stored.map(({ iv }) => iv)).size, 100);
  t.is(new Set(stored.map(({ data }) => data)).size, 100);
});

test('A text that was sealed with an older key is opened, and sealed with the first.', (t) => {
  const { ids, sealed } = sealing([older]);
  const stored = sealed.seal(ids.of('sid'), text);
  const { sealed: rotated } = sealing([newer, older]);
  t.is(rotated.open(ids.of('sid'), stored), text);
  const again = rotated.seal(ids.of('sid'), text);
  t.is(sealing([newer]).sealed.open(ids.of('sid'), again), text);
});

test('A text whose key was taken away is told by the id of that key.', (t) => {
  const { ids, sealed } = sealing([older]);
  const stored = sealed.seal(ids.of('sid'), text);
  t.throws(() => sealing([newer]).sealed.open(ids.of('sid'), stored), {
    instanceOf: SessionFormatError,
    message: `The session is encrypted with a key ${JSON.parse(stored).key} that is not among \`encryption.keys\``,
  });
});

test('A text of another session is not opened.', (t) => {
  const { ids, sealed } = sealing([older]);
  const stored = sealed.seal(ids.of('one'), text);
  t.throws(() => sealed.open(ids.of('other'), stored), {
    instanceOf: SessionFormatError,
    message: /^The session can not be decrypted: .+ is that of another session$/,
  });
});

test('A text is opened before and after ids are hashed.', (t) => {
  const { ids, sealed } = sealing([older]);
  const { ids: hashed, sealed: later } = sealing([older], { hashIds: true });
  const stored = sealed.seal(ids.of('sid'), text);
  t.is(later.open(hashed.of('sid'), stored), text);
});

const flip = (value: unknown) => {
  const bytes = Buffer.from(String(value), 'base64');
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  return bytes.toString('base64');
};

const tampered: Record<string, string> = {
  'another vector': changed('iv', flip),
  'a shorter vector': changed('iv', (iv) => String(iv).slice(0, 8)),
  'no vector': changed('iv', () => null),
  'another tag': changed('tag', flip),
  'a shorter tag': changed('tag', (tag) =>
    Buffer.from(String(tag), 'base64').subarray(0, 4).toString('base64'),
  ),
  'an empty tag': changed('tag', () => ''),
  'other data': changed('data', flip),
  'shorter data': changed('data', (data) => String(data).slice(0, -4)),
  'no data': changed('data', () => ({})),
  'another key': changed('key', () => '00000000'),
  'a key of a kind that there is not': changed('key', () => ({ s3cret: 1 })),
  'a newer version': changed('v', () => 2),
  'a version that is none': changed('v', () => '1'),
  'a further part': changed('cookie', () => ({})),
};

for (const [name, stored] of Object.entries(tampered)) {
  test(`A sealed text with ${name} is refused, and not shown.`, (t) => {
    const { ids, sealed } = sealing([older]);
    const { message, cause } = t.throws(() => sealed.open(ids.of('sid'), stored), {
      instanceOf: SessionFormatError,
    });
    t.is(cause, undefined);
    t.false(/s3cret|sid|ada/.test(message));
  });
}

test('A text that is not sealed is refused, and with acceptPlain taken as it is.', (t) => {
  const { ids, sealed } = sealing([older]);
  for (const plain of ['{}', '[]', '{"v":1}', text, '"v"', '{"v": 1, broken']) {
    t.throws(() => sealed.open(ids.of('sid'), plain), {
      instanceOf: SessionFormatError,
      message: /^The session is not encrypted: .+ where `acceptPlain` is true$/,
    });
    t.is(sealing([older], { acceptPlain: true }).sealed.open(ids.of('sid'), plain), plain);
  }
});

test('With acceptPlain, a sealed text that was changed is refused all the same.', (t) => {
  const { ids, sealed } = sealing([older], { acceptPlain: true });
  t.throws(() => sealed.open(ids.of('sid'), changed('tag', flip)), { instanceOf: SessionFormatError });
});

test('Without a key, a sealed text is refused, however its server lays it out, and any other is left as it is.', (t) => {
  const { ids, sealed } = sealing([older]);
  const id = ids.of('sid');
  const stored = sealed.seal(id, text);
  for (const layout of [stored, JSON.stringify(JSON.parse(stored), undefined, 1)]) {
    t.throws(() => unsealed.open(id, layout), {
      instanceOf: SessionFormatError,
      message: 'The session is encrypted, and the store has no option `encryption`',
    });
  }
  t.is(unsealed.open(id, text), text);
  t.is(unsealed.seal(id, text), text);
});
