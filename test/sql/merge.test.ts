import test from 'ava';
import fc from 'fast-check';
import { maxMergeCost } from '../../src/contract';
import { DatabaseError } from '../../src/errors';
import { createInstallation, type TestInstallation } from '../install/installation';
import { lockWaits } from '../support/connections';
import { openDatabase } from '../support/database';
import { isFullRun } from '../support/scale';
import { waitUntil } from '../support/wait-until';

type Document = Record<string, unknown>;

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

async function merge(
  { ask }: TestInstallation,
  changed: Document,
  removed: readonly string[],
): Promise<unknown> {
  const parameters = [
    Buffer.from('a'),
    bytes(Object.entries(changed).flat()),
    bytes(removed),
    60_000,
  ];
  return ask('CALL sess_merge(?, ?, ?, ?)', parameters);
}

async function read({ ask }: TestInstallation): Promise<Document> {
  const [row] = await ask("CALL sess_get('a')");
  return JSON.parse(String(row?.[0]));
}

async function set({ ask }: TestInstallation, document: Document): Promise<void> {
  await ask("CALL sess_set('a', ?, 60000)", [bytes(document)]);
}

// Keys that have a meaning in a JSON path or in JavaScript, and random ones.
const key = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '.',
    '$',
    '*',
    '**',
    '[0]',
    '"',
    '\\',
    '\\"',
    'a.b',
    'A',
    'a',
    'null',
    '0',
  ),
  fc.constantFrom('\0', '\n', '\x7f', 'ä', 'a\u0308', '😀', '\u2028', 'constructor', '\\u0061'),
  fc.string({ unit: 'binary', maxLength: 5 }),
);
const value = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }).map(withoutNegativeZero);
const document = fc.dictionary(key, value, { maxKeys: 6 });

/** JSON has no negative zero: `JSON.stringify` writes 0. */
function withoutNegativeZero(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json));
}

test('A merge changes only the changed and the removed keys.', async (t) => {
  const installation = await createInstallation(t);
  await fc.assert(
    fc.asyncProperty(document, document, fc.array(key), async (before, changed, some) => {
      // It removes existing keys, too: random ones rarely exist.
      const removed = [...some, ...Object.keys(before).slice(0, 2)].filter(
        (key) => !Object.hasOwn(changed, key),
      );
      await set(installation, before);
      await merge(installation, changed, removed);
      const expected = Object.entries({ ...before, ...changed }).filter(
        ([key]) => !removed.includes(key),
      );
      t.deepEqual(await read(installation), Object.fromEntries(expected));
    }),
    { numRuns: isFullRun ? 1_000 : 150 },
  );
});

for (const [what, deepest] of [
  ['an array', (depth: number) => `${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}`],
  ['an object', (depth: number) => `${'{"a":'.repeat(depth - 1)}1${'}'.repeat(depth - 1)}`],
] as const) {
  test(`A merge accepts ${what} of the depth that sess_version reports, and refuses a deeper one.`, async (t) => {
    const installation = await createInstallation(t);
    const { ask } = installation;
    const depth = Number((await ask('CALL sess_version()'))[0]?.[1]);
    await set(installation, {});
    const call = 'CALL sess_merge(?, ?, ?, 60000)';
    const list = (value: string) => [
      Buffer.from('a'),
      Buffer.from(`["key",${value}]`),
      Buffer.from('[]'),
    ];
    t.deepEqual(await ask(call, list(deepest(depth))), []);
    t.deepEqual(await merge(installation, { other: 1 }, ['absent']), [[1]]);
    t.deepEqual(await read(installation), { key: JSON.parse(deepest(depth)), other: 1 });
    await t.throwsAsync(ask(call, list(deepest(depth + 1))), { instanceOf: DatabaseError });
    t.deepEqual(await read(installation), { key: JSON.parse(deepest(depth)), other: 1 });
    t.deepEqual(await merge(installation, {}, ['key']), [[1]]);
    t.deepEqual(await read(installation), { other: 1 });
  });
}

test('A merge can change and remove a key of 60,000 characters.', async (t) => {
  const installation = await createInstallation(t);
  const key = 'k'.repeat(60_000);
  await set(installation, { [key]: 1 });
  await merge(installation, { [key]: 2 }, []);
  t.deepEqual(await read(installation), { [key]: 2 });
  await merge(installation, {}, [key]);
  t.deepEqual(await read(installation), {});
});

test('A merge can change two hundred keys.', async (t) => {
  const installation = await createInstallation(t);
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`key${n}`, n]));
  await set(installation, { other: true });
  await merge(installation, many, []);
  t.deepEqual(await read(installation), { other: true, ...many });
});

for (const [parameters, message] of [
  [['{}', '[]'], '`sess_merge`: p_changed must be a JSON array of keys and values in turn'],
  [['["a"]', '[]'], '`sess_merge`: p_changed must be a JSON array of keys and values in turn'],
  [[null, '[]'], '`sess_merge`: p_changed must be a JSON array of keys and values in turn'],
  [['[]', '"a"'], '`sess_merge`: p_removed must be a JSON array of keys'],
  [['[]', null], '`sess_merge`: p_removed must be a JSON array of keys'],
  [
    ['["b",1,2,1]', '[]'],
    '`sess_merge`: p_changed must be a JSON array of keys and values in turn',
  ],
  [
    ['["b",1,null,1]', '[]'],
    '`sess_merge`: p_changed must be a JSON array of keys and values in turn',
  ],
  [['["b",1]', '["a",{}]'], '`sess_merge`: p_removed must be a JSON array of keys'],
  [['[', '[]'], /JSON/],
] as const) {
  test(`A merge refuses the lists ${parameters.join(' and ')}, and writes nothing.`, async (t) => {
    const installation = await createInstallation(t);
    await set(installation, { a: 1 });
    const call = "CALL sess_merge('a', ?, ?, 60000)";
    await t.throwsAsync(installation.ask(call, parameters), { instanceOf: DatabaseError, message });
    t.deepEqual(await read(installation), { a: 1 });
  });
}

test('A merge refuses a session that is not a JSON object, and keeps it.', async (t) => {
  const { ask } = await createInstallation(t);
  await ask("CALL sess_set('a', '\"text\"', 60000)");
  await t.throwsAsync(ask("CALL sess_merge('a', '[\"b\",1]', '[]', 60000)"), {
    instanceOf: DatabaseError,
    message: '`sess_merge`: the session is not a JSON object, so it has no keys',
  });
  t.is(String((await ask("CALL sess_get('a')"))[0]?.[0]), '"text"');
});

test('A refused merge leaves no lock.', async (t) => {
  const installation = await createInstallation(t);
  await set(installation, { a: 1 });
  await openDatabase(t, installation.account.url).withConnection(async (other) => {
    await t.throwsAsync(other.query("CALL sess_merge('a', '[{},1]', '[]', 60000)"));
    t.deepEqual(await merge(installation, { a: 2 }, []), []);
  });
});

test('Concurrent merges of one session lose no change.', async (t) => {
  const installation = await createInstallation(t);
  await set(installation, {});
  const changes = Array.from({ length: 200 }, (_, n) => ({ [`key${n}`]: n }));
  await Promise.all(changes.map((change) => merge(installation, change, [])));
  t.deepEqual(await read(installation), Object.assign({}, ...changes));
});

test('A merge of several keys waits for another write of the session, and keeps its keys.', async (t) => {
  const installation = await createInstallation(t);
  await set(installation, { before: 0 });
  await openDatabase(t, installation.url).withConnection(async (other) => {
    await other.query('START TRANSACTION');
    await other.query("UPDATE sessions SET sess = JSON_SET(sess, '$.other', 1)");
    const merging = merge(installation, { x: 2, y: 3 }, []);
    await waitUntil(async () => (await lockWaits(installation)).length === 1);
    await other.query('COMMIT');
    await merging;
  });
  t.deepEqual(await read(installation), { before: 0, other: 1, x: 2, y: 3 });
});

function keysWith(count: number, value: string): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`key-${n}`, value]));
}

test('sess_merge changes nothing above its limit, and holds no lock.', async (t) => {
  const { ask, query } = await createInstallation(t);
  await ask("CALL sess_set('a', ?, 60000)", [JSON.stringify(keysWith(100, 'x'.repeat(100)))]);
  const bytes = 12_000;
  const pairs = (count: number) => JSON.stringify(Object.entries(keysWith(count, 'y')).flat());
  const most = Math.floor(maxMergeCost / bytes / 2);
  t.deepEqual(await ask("CALL sess_merge('a', ?, '[]', NULL)", [pairs(most)]), [[1]]);
  t.deepEqual(await ask("CALL sess_merge('a', ?, '[]', NULL)", [pairs(9_000)]), [[null]]);
  t.deepEqual(
    await ask("CALL sess_merge('a', '[]', ?, NULL)", [
      JSON.stringify(Object.keys(keysWith(9_000, ''))),
    ]),
    [[null]],
  );
  const [row] = await query('SELECT JSON_LENGTH(sess) FROM sessions FOR UPDATE NOWAIT');
  t.is(Number(row?.[0]), 100);
});
