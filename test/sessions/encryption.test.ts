import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { inspect } from 'node:util';
import test from 'ava';
import { ArgumentError, MySQLSessionStore, SessionFormatError } from '../../src';
import {
  createInstallation,
  createStore,
  openStore,
  session,
  setExpiry,
  type TestStore,
} from '../support/store';
import { loadVisit, saveNewSession } from '../support/visit';

const [first, second] = [randomBytes(32), randomBytes(32)].map((key) => key.toString('base64'));
const olderKey = String(first);
const newerKey = String(second);
const encryption = { keys: [olderKey] };

type Row = Pick<TestStore, 'query'>;

/** Returns the session's text in the table. */
async function textIn({ query }: Row, sid = 'sid'): Promise<string> {
  const [row] = await query('SELECT CONVERT(sess USING utf8mb4) FROM sessions WHERE sid = ?', [
    sid,
  ]);
  return String(row?.[0]);
}

async function replaceText({ query }: Row, text: string, sid = 'sid'): Promise<void> {
  await query('UPDATE sessions SET sess = ? WHERE sid = ?', [text, sid]);
}

const longAgo = '2020-01-01 00:00:00.000';

/** Returns whether the action writes to a row. */
async function writes({ query }: Row, action: () => Promise<unknown>): Promise<boolean> {
  await query('UPDATE sessions SET updated_at = ?', [longAgo]);
  await action();
  return (await query('SELECT 1 FROM sessions WHERE updated_at <> ?', [longAgo])).length > 0;
}

const values: Record<string, unknown> = {
  'letters and emoji': 'Zoë 日本語 👩‍👩‍👧',
  'a text of 200 KB': 'x'.repeat(200_000),
  'half of a surrogate pair': '\ud83d',
  'keys of any name': JSON.parse('{"__proto__": {"a": 1}, "": [], "v": 1, "key": "k"}'),
};

for (const [name, value] of Object.entries(values)) {
  test(`A session with ${name} is equal after a set and a get, and encrypted in the table.`, async (t) => {
    const { store, ...database } = await createStore(t, { encryption });
    await store.set('sid', session(value));
    t.deepEqual((await store.get('sid'))?.value, value);
    const stored = JSON.parse(await textIn(database));
    t.deepEqual(Object.keys(stored).sort(), ['data', 'iv', 'key', 'tag', 'v']);
    t.false(/cookie|originalMaxAge|xxxxxxxx|日本/.test(JSON.stringify(stored)));
  });
}

test('A session can nest deeper than JSON on the server.', async (t) => {
  const { store } = await createStore(t, { encryption });
  const deep = JSON.parse(`${'['.repeat(150)}${']'.repeat(150)}`);
  await store.set('sid', session(deep));
  t.deepEqual((await store.get('sid'))?.value, deep);
});

test('A session whose encrypted text exceeds max_allowed_packet is refused.', async (t) => {
  const { store, query } = await createStore(t, { encryption });
  const [packet] = await query('SELECT @@max_allowed_packet');
  const most = (Number(packet?.[0]) - 1_024) / 2;
  await t.throwsAsync(async () => store.set('sid', session('x'.repeat(most * 0.76))), {
    instanceOf: ArgumentError,
    message: /^Expected `session` to be at most \d+ bytes/,
  });
  await store.set('sid', session('x'.repeat(most * 0.74)));
});

test('A session of express-session can be loaded, changed and saved.', async (t) => {
  const { store, ...database } = await createStore(t, { encryption });
  const sid = await saveNewSession(store, { value: 'first', other: 1 });
  const before = JSON.parse(await textIn(database, sid));
  const visit = await loadVisit(store, sid);
  visit.session.value = 'second';
  delete (visit.session as { other?: number }).other;
  await visit.save();
  const after = await store.get(sid);
  t.is(after?.value, 'second');
  t.false(Object.hasOwn(after ?? {}, 'other'));
  t.not(JSON.parse(await textIn(database, sid)).iv, before.iv);
});

test('A save without changes and an early touch write nothing.', async (t) => {
  const { store, ...database } = await createStore(t, { encryption, touchAfter: 30_000 });
  const visit = await loadVisit(store, await saveNewSession(store, { a: { b: 1 } }));
  t.false(await writes(database, () => visit.save()));
  t.false(await writes(database, () => visit.touch()));
  visit.session.value = 'changed';
  t.true(await writes(database, () => visit.save()));
  t.false(await writes(database, () => visit.save()));
});

test('A due touch prolongs the row, and does not change its text.', async (t) => {
  const { store, ...database } = await createStore(t, { encryption });
  const sid = await saveNewSession(store);
  await setExpiry(database, 20_000);
  const visit = await loadVisit(store, sid);
  const before = await textIn(database, sid);
  t.true(await writes(database, () => visit.touch()));
  t.is(await textIn(database, sid), before);
});

test('If two requests change a session, the later save replaces all keys.', async (t) => {
  const { store } = await createStore(t, { encryption });
  const sid = await saveNewSession(store);
  const [one, other] = [await loadVisit(store, sid), await loadVisit(store, sid)];
  Object.assign(one.session, { one: 1 });
  await one.save();
  Object.assign(other.session, { other: 2 });
  await other.save();
  const both = await store.get(sid);
  t.like(both, { other: 2 });
  t.false(Object.hasOwn(both ?? {}, 'one'));
});

for (const hashIds of [false, true]) {
  const ids = hashIds ? 'hashed ids' : 'plain ids';

  test(`With ${ids}, a logout is final, and the event lost has the decrypted session.`, async (t) => {
    const { store, query } = await createStore(t, { encryption, hashIds });
    const visit = await loadVisit(store, await saveNewSession(store));
    await store.destroy(visit.sid);
    visit.session.value = 'late';
    const [[sid, lost]] = await Promise.all([once(store, 'lost'), visit.save()]);
    t.is(sid, visit.sid);
    t.is(lost, visit.session);
    t.deepEqual(await query('SELECT sid FROM sessions'), []);
  });

  test(`With ${ids}, all and get return the decrypted sessions.`, async (t) => {
    const { store } = await createStore(t, { encryption, hashIds });
    const sids = ['a', 'b', 'c'];
    await Promise.all(sids.map((sid) => store.set(sid, session(sid))));
    const all = await store.all();
    t.deepEqual(all.map(({ value }) => String(value)).sort(), sids);
    t.true(all.every(({ id, value }) => id === store.storedId(String(value))));
    const read = await Promise.all(sids.map((sid) => store.get(sid)));
    t.deepEqual(
      read.map((one) => one?.value),
      sids,
    );
  });

  test(`With ${ids}, a row with the text of another session is refused.`, async (t) => {
    const { store, ...database } = await createStore(t, { encryption, hashIds });
    await store.set('one', session('of one'));
    await store.set('other', session('of the other'));
    const [one, other] = [store.storedId('one'), store.storedId('other')];
    const texts = [await textIn(database, one), await textIn(database, other)];
    await replaceText(database, String(texts[1]), one);
    await replaceText(database, String(texts[0]), other);
    for (const sid of ['one', 'other']) {
      await t.throwsAsync(async () => store.get(sid), {
        instanceOf: SessionFormatError,
        message: /^The session cannot be decrypted: /,
      });
    }
  });
}

test('Sessions stay readable after a DBA hashes their ids.', async (t) => {
  const { store: before, ...database } = await createStore(t, { encryption });
  await before.set('sid', session('here'));
  await before.set('old', session('old'));
  const store = openStore(t, database.accountUrl, { encryption, hashIds: true });
  // Until then, `all` has the plain ids.
  t.deepEqual((await store.all()).map(({ value }) => String(value)).sort(), ['here', 'old']);
  await database.query(
    "UPDATE sessions SET sid = SHA2(sid, 256) WHERE sid NOT RLIKE '^[0-9a-f]{64}$'",
  );
  t.is((await store.get('sid'))?.value, 'here');
  t.is((await store.all()).length, 2);
});

test('A session with an older key is read, and gets the new key with its next change.', async (t) => {
  const { store: before, ...database } = await createStore(t, { encryption });
  await before.set('sid', session('old'));
  const { key: olderId } = JSON.parse(await textIn(database));
  const store = openStore(t, database.accountUrl, { encryption: { keys: [newerKey, olderKey] } });
  const visit = await loadVisit(store, 'sid');
  t.is(visit.session.value, 'old');
  t.is(JSON.parse(await textIn(database)).key, olderId);
  visit.session.value = 'new';
  await visit.save();
  t.not(JSON.parse(await textIn(database)).key, olderId);
  const after = openStore(t, database.accountUrl, { encryption: { keys: [newerKey] } });
  t.is((await after.get('sid'))?.value, 'new');
});

test('A DBA can count the sessions of each key, and delete those of an old key.', async (t) => {
  const { store: before, ...database } = await createStore(t, { encryption });
  await before.set('old', session());
  const store = openStore(t, database.accountUrl, { encryption: { keys: [newerKey, olderKey] } });
  await store.set('new', session());
  const { key: olderId } = JSON.parse(await textIn(database, 'old'));
  const counts = await database.query(
    "SELECT JSON_VALUE(sess, '$.key') AS `key`, COUNT(*), MAX(created_at) FROM sessions GROUP BY `key`",
  );
  t.is(counts.length, 2);
  await database.query("DELETE FROM sessions WHERE JSON_VALUE(sess, '$.key') = ?", [olderId]);
  t.deepEqual(await store.ids(), ['new']);
});

test('A DBA can delete the sessions that are not encrypted.', async (t) => {
  const { store: before, ...database } = await createStore(t);
  await before.set('old', { ...session(), ...{ v: 1, key: 'k' } });
  const store = openStore(t, database.accountUrl, { encryption });
  await store.set('new', session());
  await database.query(
    "DELETE FROM sessions WHERE NOT JSON_CONTAINS_PATH(sess, 'all', '$.v', '$.iv', '$.key', '$.tag', '$.data')",
  );
  t.deepEqual(await store.ids(), ['new']);
});

test('The error for a session whose key was removed has the id of the key, and the session stays.', async (t) => {
  const { store: before, ...database } = await createStore(t, { encryption });
  await before.set('sid', session());
  const { key } = JSON.parse(await textIn(database));
  const store = openStore(t, database.accountUrl, { encryption: { keys: [newerKey] } });
  await t.throwsAsync(async () => store.get('sid'), {
    instanceOf: SessionFormatError,
    message: `The session is encrypted with a key ${key} that is not among \`encryption.keys\``,
  });
  await t.throwsAsync(async () => store.all(), { instanceOf: SessionFormatError });
  t.truthy(await before.get('sid'));
});

test('A session that cannot be decrypted does not affect the other sessions of its batch.', async (t) => {
  const { store, ...database } = await createStore(t, { encryption });
  for (const sid of ['a', 'sid', 'b']) {
    await store.set(sid, session(sid));
  }
  await replaceText(database, '{}');
  const read = await Promise.allSettled(['a', 'sid', 'b'].map((sid) => store.get(sid)));
  t.deepEqual(
    read.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
});

const flipped = (base64: unknown) => {
  const bytes = Buffer.from(String(base64), 'base64');
  bytes.writeUInt8(bytes.readUInt8(0) ^ 128, 0);
  return bytes.toString('base64');
};

const tampering: Record<string, (parts: Record<string, unknown>) => Record<string, unknown>> = {
  version: (parts) => ({ ...parts, v: 2 }),
  vector: (parts) => ({ ...parts, iv: flipped(parts.iv) }),
  'key id': (parts) => ({ ...parts, key: 'ffffffff' }),
  tag: (parts) => ({ ...parts, tag: flipped(parts.tag) }),
  data: (parts) => ({ ...parts, data: flipped(parts.data) }),
  'set of parts': ({ tag, ...parts }) => parts,
};

for (const [part, tamper] of Object.entries(tampering)) {
  test(`The error for a session with another ${part} shows nothing of it, and the session stays.`, async (t) => {
    const { store, ...database } = await createStore(t, { encryption });
    const secret = 's3cret-of-ada';
    await store.set('the-id-of-ada', session(secret));
    const text = await textIn(database, 'the-id-of-ada');
    await replaceText(database, JSON.stringify(tamper(JSON.parse(text))), 'the-id-of-ada');
    const error = await t.throwsAsync(async () => store.get('the-id-of-ada'), {
      instanceOf: SessionFormatError,
      code: 'ERR_SESSION_FORMAT',
    });
    const shown = inspect(error, { depth: null, showHidden: true });
    for (const hidden of [secret, 'the-id-of-ada', olderKey, JSON.parse(text).data]) {
      t.false(shown.includes(hidden));
    }
    await replaceText(database, text, 'the-id-of-ada');
    t.is((await store.get('the-id-of-ada'))?.value, secret);
  });
}

test('A session that is not encrypted is refused.', async (t) => {
  const { store: before, ...database } = await createStore(t);
  await before.set('sid', session('forged'));
  const store = openStore(t, database.accountUrl, { encryption });
  await t.throwsAsync(async () => store.get('sid'), {
    instanceOf: SessionFormatError,
    message: /^The session is not encrypted\. /,
  });
});

test('With acceptPlain, a plain session is read, and encrypted with its next change.', async (t) => {
  const touchAfter = 30_000;
  const { store: before, ...database } = await createStore(t, { touchAfter });
  const sid = await saveNewSession(before, { value: 'plain' });
  const store = openStore(t, database.accountUrl, {
    encryption: { ...encryption, acceptPlain: true },
    touchAfter,
  });
  const visit = await loadVisit(store, sid);
  t.is(visit.session.value, 'plain');
  t.false(await writes(database, () => visit.save()));
  visit.session.value = 'encrypted';
  await visit.save();
  t.false((await textIn(database, sid)).includes('cookie'));
  const after = openStore(t, database.accountUrl, { encryption });
  t.is((await after.get(sid))?.value, 'encrypted');
});

test('A store without encryption refuses an encrypted session, and does not overwrite it.', async (t) => {
  const { store, ...database } = await createStore(t, { encryption });
  await store.set('sid', session('here'));
  const without = openStore(t, database.accountUrl);
  await t.throwsAsync(async () => without.get('sid'), {
    instanceOf: SessionFormatError,
    message: 'The session is encrypted, but the store has no option `encryption`',
  });
  t.is((await store.get('sid'))?.value, 'here');
});

test('With encryption, a custom serializer can return any text.', async (t) => {
  const serializer = {
    stringify: (data: object) => `not JSON: ${JSON.stringify(data)}`,
    parse: (text: string) => JSON.parse(text.replace('not JSON: ', '')),
  };
  const { store } = await createStore(t, { encryption, serializer });
  await store.set('sid', session({ a: 1 }));
  const visit = await loadVisit(store, 'sid');
  t.deepEqual(visit.session.value, { a: 1 });
  visit.session.value = 2;
  await visit.save();
  t.is((await store.get('sid'))?.value, 2);
});

const connection = 'mysql://app@db.example/shop';

test('With encryption, writeMode can only be replace.', async (t) => {
  t.throws(() => new MySQLSessionStore({ connection, encryption, writeMode: 'merge' }), {
    instanceOf: ArgumentError,
    message: 'Expected `writeMode` to be \'replace\' with `encryption`, got "merge"',
  });
  const { store } = await createStore(t, { encryption, writeMode: 'replace' });
  await store.set('sid', session(1));
  t.is((await store.get('sid'))?.value, 1);
});

test('With encryption, the option attributes is refused.', (t) => {
  t.throws(
    () => new MySQLSessionStore({ connection, encryption, attributes: { user_id: 'number' } }),
    {
      instanceOf: ArgumentError,
      message:
        'Expected `attributes` to be left out with `encryption`, which makes the values unreadable, got user_id',
    },
  );
});

test('A printed store does not show a key.', async (t) => {
  const { store } = await createStore(t, { encryption });
  await store.set('sid', session('s3cret'));
  const shown = inspect(store, { depth: null, showHidden: true });
  t.false(shown.includes(olderKey));
});

test('A row of another installation is refused, with the same key.', async (t) => {
  const admin = await createInstallation(t, ['application'], {
    table: 'admins',
    prefix: 'sess_admin_',
  });
  const shop = await createStore(t, { encryption });
  const store = openStore(t, admin.accountUrl, { encryption, routinePrefix: 'sess_admin_' });
  await store.set('sid', session('admin'));
  const [row] = await admin.query('SELECT CONVERT(sess USING utf8mb4) FROM admins');
  await shop.store.set('sid', session('guest'));
  await replaceText(shop, String(row?.[0]));
  await t.throwsAsync(shop.store.get('sid'), {
    instanceOf: SessionFormatError,
    message: /has the text of another session or installation$/,
  });
  const moved = openStore(t, shop.accountUrl, {
    encryption: { ...encryption, context: 'sess_admin_' },
  });
  t.is((await moved.get('sid'))?.value, 'admin');
});
