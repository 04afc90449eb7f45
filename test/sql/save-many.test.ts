import test from 'ava';
import { maxMergeCost } from '../../src/contract';
import { DatabaseError } from '../../src/errors';
import { formatSaves, type Save } from '../../src/routines/write-list';
import { createInstallation, type TestInstallation, writeSession } from '../install/installation';
import { openDatabase } from '../support/database';

const hour = 3_600_000;

const merge = (sid: string, changed: unknown[], removed: unknown = [], ttlMs = hour): Save => ({
  kind: 'merge',
  sid,
  ttlMs,
  changed: JSON.stringify(changed),
  removed: JSON.stringify(removed),
  isSingleKey: changed.length === 2 && JSON.stringify(removed) === '[]',
});
const update = (sid: string, data: unknown): Save => ({
  kind: 'update',
  sid,
  ttlMs: hour,
  sess: JSON.stringify(data),
});
const touch = (sid: string, ttlMs = hour): Save => ({ kind: 'touch', sid, ttlMs });

/** Returns the positions of the saved sessions, in ascending order. */
async function call({ ask }: TestInstallation, list: string, texts: Buffer): Promise<number[]> {
  const [row] = await ask('CALL sess_save_many(?, ?)', [Buffer.from(list), texts]);
  const saved: number[] = JSON.parse(String(row?.[0]));
  return saved.toSorted((one, other) => one - other);
}

function saveMany(installation: TestInstallation, ...saves: Save[]): Promise<number[]> {
  const { list, texts } = formatSaves(saves);
  return call(installation, list, texts);
}

/** Returns the data of each session, and in how many hours it expires. */
async function sessions({ query }: TestInstallation): Promise<Record<string, unknown>> {
  const rows = await query(
    `SELECT sid, CONVERT(sess USING utf8mb4),
       ROUND(TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), expired) / 3600)
     FROM sessions ORDER BY sid`,
  );
  return Object.fromEntries(
    rows.map(([sid, sess, hours]) => [String(sid), [JSON.parse(String(sess)), Number(hours)]]),
  );
}

async function installWith(
  t: Parameters<typeof createInstallation>[0],
  data: Record<string, unknown>,
): Promise<TestInstallation> {
  const installation = await createInstallation(t);
  for (const [sid, value] of Object.entries(data)) {
    await installation.ask('CALL sess_set(?, ?, 60000)', [
      Buffer.from(sid),
      Buffer.from(JSON.stringify(value)),
    ]);
  }
  return installation;
}

test('sess_save_many merges, updates and touches sessions, each with its lifetime.', async (t) => {
  const installation = await installWith(t, { a: { x: 1 }, b: { x: 1, y: 1 }, c: { x: 1 }, d: {} });
  t.deepEqual(
    await saveMany(
      installation,
      merge('a', ['ä😀', { deep: [1, null] }], [], 2 * hour),
      merge('b', ['x', 'ü', 'z', 3], ['y', 'none'], 3 * hour),
      update('c', { ü: 'ß' }),
      touch('d', 4 * hour),
    ),
    [1, 2, 3, 4],
  );
  t.deepEqual(await sessions(installation), {
    a: [{ x: 1, 'ä😀': { deep: [1, null] } }, 2],
    b: [{ x: 'ü', z: 3 }, 3],
    c: [{ ü: 'ß' }, 1],
    d: [{}, 4],
  });
});

test('sess_save_many keeps the expiry time if the lifetime is null.', async (t) => {
  const installation = await installWith(t, { a: {}, b: {} });
  const merged = { ...merge('a', ['x', 1]), ttlMs: null } as Save;
  const updated = { ...update('b', { y: 1 }), ttlMs: null } as Save;
  t.deepEqual(await saveMany(installation, merged, updated), [1, 2]);
  t.deepEqual(await sessions(installation), { a: [{ x: 1 }, 0], b: [{ y: 1 }, 0] });
});

test('sess_save_many creates no session, and revives no expired one.', async (t) => {
  const installation = await installWith(t, { b: {} });
  await writeSession(installation, 'a', -hour / 1_000);
  t.deepEqual(
    await saveMany(
      installation,
      merge('a', ['x', 1]),
      merge('b', ['x', 1]),
      update('c', {}),
      touch('d'),
    ),
    [2],
  );
  t.deepEqual(await sessions(installation), { a: [{}, -1], b: [{ x: 1 }, 1] });
});

test('sess_save_many skips a locked session, and does not wait for it.', async (t) => {
  const installation = await installWith(t, { a: {}, b: {}, c: {} });
  await openDatabase(t, installation.url).withConnection(async (other) => {
    await other.query('START TRANSACTION');
    await other.query("SELECT * FROM sessions WHERE sid = 'b' FOR UPDATE");
    const saves = ['a', 'b', 'c'].map((sid) => merge(sid, ['x', 1]));
    t.deepEqual(await saveMany(installation, ...saves), [1, 3]);
    await other.query('ROLLBACK');
  });
  t.deepEqual(Object.values(await sessions(installation)), [
    [{ x: 1 }, 1],
    [{}, 0],
    [{ x: 1 }, 1],
  ]);
});

const deep = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);

/** Items that the call must skip. */
const badItems: Record<string, unknown[]> = {
  'text that is no JSON': ['merge', '["x",', '[]'],
  'text with half of a surrogate pair': ['merge', '["x","\\ud800"]', '[]'],
  'a key with half of a surrogate pair, and another': ['merge', '["\\ud800",1,"x",1]', '[]'],
  'a value that nests too deep': ['merge', JSON.stringify(['x', deep(200)]), '[]'],
  'one of two values that nests too deep': [
    'merge',
    JSON.stringify(['x', deep(200), 'y', 1]),
    '[]',
  ],
  'bytes that are no UTF-8': ['merge', Buffer.from('22ff22', 'hex'), '[]'],
  'a value with bytes that are no UTF-8': ['merge', Buffer.from('5b2278222c22ff225d', 'hex'), '[]'],
  'a key without a value': ['merge', '["x"]', '[]'],
  'a key that is no string': ['merge', '[1,1]', '[]'],
  'a second key that is no string': ['merge', '["x",1,{},1]', '[]'],
  'changes that are no list': ['merge', '{"x":1,"y":2}', '[]'],
  'removed keys that are no list': ['merge', '["x",1]', '{}'],
  'a removed key that is no string': ['merge', '["x",1]', '[1]'],
  'removed keys that are no JSON': ['merge', '["x",1]', '['],
  'no removed keys': ['merge', '["x",1]'],
  'no changes': ['merge'],
  'a single key that is no string': ['key', '[1,1]'],
  'a single key with half of a surrogate pair': ['key', '["\\ud800",1]'],
  'a single key with bytes that are no UTF-8': ['key', Buffer.from('5b2278222c22ff225d', 'hex')],
  'a single key whose value nests too deep': ['key', JSON.stringify(['x', deep(200)])],
  'a single key without a value': ['key', '["x"]'],
  'a single key in an object': ['key', '{"x":1,"y":2}'],
  'a single key in a text that is no JSON': ['key', '["x",'],
  'no single key': ['key'],
  'a session that is no JSON': ['update', '{'],
  'a session that nests too deep': ['update', JSON.stringify({ x: deep(200) })],
  'a session with half of a surrogate pair': ['update', '{"x":"\\ud800"}'],
  'a session with bytes that are no UTF-8': ['update', Buffer.from('7b2278223a22ff227d', 'hex')],
  'no session': ['update'],
  'an unknown kind': ['delete'],
  'no kind': [],
};

for (const [what, [kind, ...texts]] of Object.entries(badItems)) {
  test(`sess_save_many skips ${what}, and saves the others.`, async (t) => {
    const installation = await installWith(t, { a: {}, b: {}, c: {}, d: {} });
    const bytes = texts.map((text) => (Buffer.isBuffer(text) ? text : Buffer.from(String(text))));
    const good = Buffer.from('["x",1]');
    const merged = Buffer.from('["x",1][]');
    const start = 1 + good.length + Buffer.concat(bytes).length;
    const list = [
      ['a', hour, 'key', 1, 7],
      ['b', hour, kind, good.length + 1, ...bytes.map(({ length }) => length)],
      ['c', hour, 'merge', start, 7, 2],
      ['d', hour, 'touch'],
    ];
    const all = Buffer.concat([good, ...bytes, merged]);
    t.deepEqual(await call(installation, JSON.stringify(list), all), [1, 3, 4]);
    t.deepEqual(await sessions(installation), {
      a: [{ x: 1 }, 1],
      b: [{}, 0],
      c: [{ x: 1 }, 1],
      d: [{}, 1],
    });
  });
}

test('sess_save_many skips a bad id or lifetime, and saves the others.', async (t) => {
  const others = ['a', '?', 'a?', 'b', 'a'.repeat(255)];
  const installation = await installWith(t, Object.fromEntries(others.map((sid) => [sid, {}])));
  const badIds = ['a ', ' a', 'ä', 'aä', 'a\0', 'a'.repeat(256), '', null, {}, ['a'], 'A'];
  const badTimes = [0, -1, 'soon', Number.MAX_SAFE_INTEGER];
  const items = [
    ...badIds.map((id) => [id, hour, 'merge', 1, 7, 2]),
    ...badTimes.map((time) => ['a', time, 'merge', 1, 7, 2]),
    ['a', null, 'touch'],
    ['a'],
    'a',
    null,
    {},
    ['b', hour, 'merge', 1, 7, 2],
  ];
  const saved = await call(installation, JSON.stringify(items), Buffer.from('["x",1][]'));
  t.deepEqual(saved, [items.length]);
  t.deepEqual(
    await sessions(installation),
    Object.fromEntries(others.map((sid) => [sid, sid === 'b' ? [{ x: 1 }, 1] : [{}, 0]])),
  );
});

test('sess_save_many skips a session that is no JSON object, and keeps it.', async (t) => {
  const installation = await installWith(t, { a: 'text', b: [1], c: {} });
  const saves = [merge('a', ['x', 1]), merge('b', ['x', 1, 'y', 1]), merge('c', ['x', 1])];
  t.deepEqual(await saveMany(installation, ...saves), [3]);
  t.like(await sessions(installation), { a: ['text', 0], b: [[1], 0], c: [{ x: 1 }, 1] });
});

test('sess_save_many saves each pair of a list with the kind key.', async (t) => {
  const installation = await installWith(t, { a: { x: 1 }, b: {} });
  const list = [
    ['a', hour, 'key', 1, 13],
    ['b', hour, 'key', 14, 7],
  ];
  const texts = Buffer.from('["y",1,"z",2]["x",1]');
  t.deepEqual(await call(installation, JSON.stringify(list), texts), [1, 2]);
  t.like(await sessions(installation), { a: [{ x: 1, y: 1, z: 2 }, 1], b: [{ x: 1 }, 1] });
});

test('The limit of a merge is for all sessions of the call together.', async (t) => {
  const keys = (count: number) => Array.from({ length: count }, (_, n) => [`key${n}`, 'x']).flat();
  // Each merge of 200 keys reads about 7,000 bytes for each of them.
  const sids = ['a', 'b', 'c', 'd'];
  const data = Object.fromEntries(keys(200).map((key) => [key, 'y'.repeat(5)]));
  const installation = await installWith(t, Object.fromEntries(sids.map((sid) => [sid, data])));
  const saves = sids.map((sid) => merge(sid, keys(200)));
  const saved = (await saveMany(installation, ...saves)) as number[];
  t.true(saved.length > 0 && saved.length * 200 * 4_000 < maxMergeCost, saved.join());
});

test('sess_save_many can change two hundred keys, and a long key.', async (t) => {
  const installation = await installWith(t, { a: {}, b: {} });
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`key${n}`, n]));
  const long = 'k'.repeat(60_000);
  const saves = [merge('a', Object.entries(many).flat()), merge('b', [long, 1])];
  t.deepEqual(await saveMany(installation, ...saves), [1, 2]);
  t.like(await sessions(installation), { a: [many, 1], b: [{ [long]: 1 }, 1] });
});

test('sess_save_many leaves no lock and no transaction, also after an error.', async (t) => {
  const installation = await installWith(t, { a: {} });
  await openDatabase(t, installation.account.url).withConnection(async (other) => {
    const texts = Buffer.from('["x",[]');
    const skipped = Buffer.from('[["a",1000,"merge",1,5,2]]');
    t.deepEqual(await other.query('CALL sess_save_many(?, ?)', [skipped, texts]), [['[]']]);
    await t.throwsAsync(other.query('CALL sess_save_many(?, ?)', ['[', texts]), {
      instanceOf: DatabaseError,
    });
    t.deepEqual(await saveMany(installation, merge('a', ['x', 1])), [1]);
  });
});

test('An empty list saves nothing.', async (t) => {
  t.deepEqual(await saveMany(await createInstallation(t)), []);
});
