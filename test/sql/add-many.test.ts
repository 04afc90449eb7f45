import test from 'ava';
import { DatabaseError } from '../../src/errors';
import { formatNewSessions, type NewSession } from '../../src/routines/write-list';
import { createInstallation, type TestInstallation, writeSession } from '../install/installation';
import { openDatabase } from '../support/database';

const hour = 3_600_000;

const add = (sid: string, data: unknown, ttlMs = hour): NewSession => ({
  kind: 'add',
  sid,
  ttlMs,
  sess: JSON.stringify(data),
});

/** Returns the positions of the created sessions. */
async function call({ ask }: TestInstallation, list: string, texts: Buffer): Promise<unknown> {
  const [row] = await ask('CALL sess_add_many(?, ?)', [Buffer.from(list), texts]);
  return JSON.parse(String(row?.[0]));
}

function addMany(installation: TestInstallation, ...sessions: NewSession[]): Promise<unknown> {
  const { list, texts } = formatNewSessions(sessions);
  return call(installation, list, texts);
}

/** Returns the data of each session. */
async function sessions({ query }: TestInstallation): Promise<Record<string, unknown>> {
  const rows = await query('SELECT sid, CONVERT(sess USING utf8mb4) FROM sessions');
  return Object.fromEntries(rows.map(([sid, sess]) => [String(sid), JSON.parse(String(sess))]));
}

test('sess_add_many creates sessions, each with its lifetime.', async (t) => {
  const installation = await createInstallation(t);
  const created = await addMany(
    installation,
    add('a', { ä: '😀' }, hour),
    add('b', {}, 2 * hour),
    add('c', { deep: [1, null] }, 3 * hour),
  );
  t.deepEqual(created, [1, 2, 3]);
  t.deepEqual(await sessions(installation), { a: { ä: '😀' }, b: {}, c: { deep: [1, null] } });
  t.deepEqual(
    await installation.query(
      'SELECT sid, TIMESTAMPDIFF(HOUR, created_at, expired), created_at = updated_at FROM sessions ORDER BY sid',
    ),
    [
      ['a', 1, 1],
      ['b', 2, 1],
      ['c', 3, 1],
    ],
  );
});

test('sess_add_many skips an id that has a row, live or expired.', async (t) => {
  const installation = await createInstallation(t);
  await writeSession(installation, 'a', 60);
  await writeSession(installation, 'c', -60);
  t.deepEqual(
    await addMany(installation, add('a', 1), add('b', { n: 1 }), add('c', 1), add('d', { n: 2 })),
    [2, 4],
  );
  t.deepEqual(await sessions(installation), { a: {}, b: { n: 1 }, c: {}, d: { n: 2 } });
});

test('sess_add_many waits for no locked row.', async (t) => {
  const installation = await createInstallation(t);
  await writeSession(installation, 'b', 60);
  await openDatabase(t, installation.url).withConnection(async (other) => {
    await other.query('START TRANSACTION');
    await other.query("SELECT * FROM sessions WHERE sid = 'b' FOR UPDATE");
    t.deepEqual(await addMany(installation, add('a', {}), add('b', {}), add('c', {})), [1, 3]);
    await other.query('ROLLBACK');
  });
});

test('sess_add_many skips bad items, and creates the others.', async (t) => {
  const installation = await createInstallation(t);
  const text = '{"n":1}';
  const items: Array<[sid: unknown, ttlMs: unknown, start?: unknown, length?: unknown]> = [
    ['', hour, 1, 7],
    [' a', hour, 1, 7],
    ['a\n', hour, 1, 7],
    ['é', hour, 1, 7],
    ['x'.repeat(256), hour, 1, 7],
    [null, hour, 1, 7],
    [{}, hour, 1, 7],
    ['b', 0, 1, 7],
    ['c', null, 1, 7],
    ['d', 'soon', 1, 7],
    ['e', 1e20, 1, 7],
    ['f', hour, 1, 6],
    ['g', hour, 2, 7],
    ['h', hour],
    ['i', hour, 1, 7],
    ['x'.repeat(255), hour, 1, 7],
  ];
  t.deepEqual(await call(installation, JSON.stringify(items), Buffer.from(text)), [15, 16]);
  t.deepEqual(Object.keys(await sessions(installation)).sort(), ['i', 'x'.repeat(255)]);
});

test('sess_add_many leaves no lock and no transaction, also after an error.', async (t) => {
  const installation = await createInstallation(t);
  await openDatabase(t, installation.account.url).withConnection(async (other) => {
    const { list, texts } = formatNewSessions([add('a', {})]);
    t.deepEqual(await other.query('CALL sess_add_many(?, ?)', [list, texts]), [['[1]']]);
    await t.throwsAsync(other.query('CALL sess_add_many(?, ?)', ['[', texts]), {
      instanceOf: DatabaseError,
    });
    await installation.ask("CALL sess_destroy('a')");
  });
  t.deepEqual(await sessions(installation), {});
});
