import test from 'ava';
import { DatabaseError } from '../../../src/errors';
import { ids, writeSession } from '../installation';
import { createAttributed, save } from './attributed';

/** Creates five sessions of a user, from the oldest to the newest, and one of another user. */
async function createSessions(t: Parameters<typeof createAttributed>[0]) {
  const installation = await createAttributed(t);
  for (const [index, sid] of ['d', 'a', 'C', 'b', 'e'].entries()) {
    await save(installation, sid, { user: { id: 'ada' } });
    await installation.query(
      `UPDATE sessions SET
         created_at = created_at - INTERVAL ? SECOND, updated_at = updated_at - INTERVAL ? SECOND
       WHERE sid = ?`,
      [10 - index, 10 + index, sid],
    );
  }
  await save(installation, 'other', { user: { id: 'ada ' } });
  /** Returns the ids of the ended sessions, and whether there may be more. */
  const limit = async (...parameters: ReadonlyArray<string | number | null>) => {
    const [row = []] = await installation.ask(
      'CALL sess_limit_user_id(?, ?, ?, ?, ?)',
      parameters.map((value) => (typeof value === 'string' ? Buffer.from(value) : value)),
    );
    return [JSON.parse(String(row[0])), Number(row[1])];
  };
  return { ...installation, limit };
}

test('A limit keeps the newest sessions, and returns the ids of the others, the newest first.', async (t) => {
  const installation = await createSessions(t);
  t.deepEqual(await installation.limit('ada', 3, null, 'created', 10), [['a', 'd'], 0]);
  t.deepEqual(await ids(installation), ['C', 'b', 'e', 'other']);
});

test('A limit by seen keeps the sessions that were written or touched last.', async (t) => {
  const installation = await createSessions(t);
  t.deepEqual(await installation.limit('ada', 2, null, 'seen', 10), [['C', 'b', 'e'], 0]);
  t.deepEqual(await ids(installation), ['a', 'd', 'other']);
});

test('A limit counts the session to keep as one of the kept ones.', async (t) => {
  const installation = await createSessions(t);
  t.deepEqual(await installation.limit('ada', 2, 'd', 'created', 10), [['b', 'C', 'a'], 0]);
  t.deepEqual(await ids(installation), ['d', 'e', 'other']);
});

test('A session to keep that is not live, or has another value, does not count.', async (t) => {
  const installation = await createSessions(t);
  for (const except of ['gone', 'other', 'E']) {
    t.deepEqual(await installation.limit('ada', 5, except, 'created', 10), [[], 0]);
  }
  await installation.query("UPDATE sessions SET expired = UTC_TIMESTAMP(3) WHERE sid = 'd'");
  t.deepEqual(await installation.limit('ada', 4, 'd', 'created', 10), [[], 0]);
  t.is((await ids(installation)).length, 6);
});

test('A limit on more sessions than it may look at ends the oldest, and can be repeated.', async (t) => {
  const installation = await createSessions(t);
  const call = () => installation.limit('ada', 1, 'd', 'created', 3);
  t.deepEqual(await call(), [['C', 'a'], 1]);
  t.deepEqual(await call(), [['e', 'b'], 1]);
  t.deepEqual(await call(), [[], 0]);
  t.deepEqual(await ids(installation), ['d', 'other']);
});

test('The number of sessions with a value counts live sessions only.', async (t) => {
  const installation = await createSessions(t);
  const count = async () =>
    Number((await installation.ask("CALL sess_count_user_id('ada')"))[0]?.[0]);
  t.is(await count(), 5);
  await installation.query("UPDATE sessions SET expired = UTC_TIMESTAMP(3) WHERE sid = 'd'");
  t.is(await count(), 4);
});

test('NULL and bytes that are not UTF-8 limit and count no session.', async (t) => {
  const installation = await createSessions(t);
  await writeSession(installation, 'none', 60);
  t.deepEqual(await installation.limit(null, 1, null, 'created', 10), [[], 0]);
  t.is(Number((await installation.ask('CALL sess_count_user_id(NULL)'))[0]?.[0]), 0);
  for (const call of [
    "sess_limit_user_id(X'6164FF61', 1, NULL, 'created', 10)",
    "sess_count_user_id(X'FF')",
  ]) {
    await installation.ask(`CALL ${call}`).catch((error) => t.true(error instanceof DatabaseError));
  }
  t.is((await ids(installation)).length, 7);
});

for (const [keep, by, limit, message] of [
  [0, 'created', 10, 'p_keep must be at least 1, and less than p_limit'],
  [null, 'created', 10, 'p_keep must be at least 1, and less than p_limit'],
  [10, 'created', 10, 'p_keep must be at least 1, and less than p_limit'],
  [1, 'created', null, 'p_keep must be at least 1, and less than p_limit'],
  [1, 'newest', 10, 'p_by must be created or seen'],
  [1, null, 10, 'p_by must be created or seen'],
] as const) {
  test(`A limit that keeps ${keep} by ${by} of ${limit} is refused.`, async (t) => {
    const installation = await createSessions(t);
    await t.throwsAsync(installation.limit('ada', keep, null, by, limit), {
      instanceOf: DatabaseError,
      message: `\`sess_limit_user_id\`: ${message}`,
    });
    t.is((await ids(installation)).length, 6);
  });
}
