import test from 'ava';
import { DatabaseError } from '../../../src/errors';
import { openDatabase } from '../../support/database';
import { ids, writeSession } from '../installation';
import { createAttributed, found, save } from './attributed';

async function createSessions(t: Parameters<typeof createAttributed>[0]) {
  const installation = await createAttributed(t);
  for (const sid of ['d', 'a', 'C', 'b']) {
    await save(installation, sid, { user: { id: 'ada' }, n: sid });
  }
  await save(installation, 'other', { user: { id: 'ada ' } });
  return installation;
}

test('A find returns pages of sessions, ordered by id.', async (t) => {
  const { ask } = await createSessions(t);
  const page = async (after: string) =>
    (await ask("CALL sess_find_user_id('ada', ?, 2)", [after])).map(([sid]) => String(sid));
  t.deepEqual([await page(''), await page('a'), await page('d')], [['C', 'a'], ['b', 'd'], []]);
});

test('A found session has its data, its remaining lifetime and its age.', async (t) => {
  const { ask } = await createSessions(t);
  const [row] = await ask("CALL sess_find_user_id('ada', '', 1)");
  const [sid, sess, left, age] = row ?? [];
  t.deepEqual([String(sid), JSON.parse(String(sess))], ['C', { user: { id: 'ada' }, n: 'C' }]);
  t.true(Number(left) > 0 && Number(left) <= 60_000);
  t.true(Number(age) >= 0 && Number(age) < 60_000);
});

test('A session with a changed value is found by the new value only.', async (t) => {
  const installation = await createSessions(t);
  await installation.ask('CALL sess_merge(\'a\', \'["user", {"id": "bob"}]\', \'[]\', NULL)');
  t.deepEqual(await found(installation, 'user_id', 'ada'), ['C', 'b', 'd']);
  t.deepEqual(await found(installation, 'user_id', 'bob'), ['a']);
});

test('A find and a destroy ignore expired sessions.', async (t) => {
  const installation = await createSessions(t);
  await installation.query("UPDATE sessions SET expired = UTC_TIMESTAMP(3) WHERE sid = 'a'");
  t.deepEqual(await found(installation, 'user_id', 'ada'), ['C', 'b', 'd']);
  t.deepEqual(await installation.ask("CALL sess_destroy_user_id('ada', NULL, 10)"), [[3, 0]]);
  t.deepEqual(await ids(installation), ['a', 'other']);
});

test('A destroy by value keeps the session that the caller excludes.', async (t) => {
  const installation = await createSessions(t);
  t.deepEqual(await installation.ask("CALL sess_destroy_user_id('ada', 'b', 10)"), [[3, 0]]);
  t.deepEqual(await ids(installation), ['b', 'other']);
});

test('The id of the excluded session must match exactly.', async (t) => {
  const installation = await createSessions(t);
  t.deepEqual(await installation.ask("CALL sess_destroy_user_id('ada', 'B ', 10)"), [[4, 0]]);
  t.deepEqual(await ids(installation), ['other']);
});

test('A destroy by value stops at its limit, and reports whether there may be more.', async (t) => {
  const installation = await createSessions(t);
  const call = () => installation.ask("CALL sess_destroy_user_id('ada', NULL, 2)");
  t.deepEqual([await call(), await call(), await call()], [[[2, 1]], [[2, 1]], [[0, 0]]]);
  t.deepEqual(await ids(installation), ['other']);
});

test("If one session of a batch can't be deleted, none of the batch is.", async (t) => {
  const installation = await createSessions(t);
  await openDatabase(t, installation.url).withConnection(async (holder) => {
    await holder.query('START TRANSACTION');
    await holder.query("SELECT 1 FROM sessions WHERE sid = 'b' FOR UPDATE");
    await openDatabase(t, installation.account.url).withConnection(async (ending) => {
      await ending.query('SET SESSION innodb_lock_wait_timeout = 1');
      const error = await t.throwsAsync(
        ending.query("CALL sess_destroy_user_id('ada', NULL, 10)"),
        {
          instanceOf: DatabaseError,
        },
      );
      t.is(error?.errno, 1205);
    });
    t.is((await ids(installation)).length, 5);
  });
});

for (const call of ["sess_find_user_id('ada', '', ?)", "sess_destroy_user_id('ada', NULL, ?)"]) {
  test(`${call} refuses a limit below 1.`, async (t) => {
    const installation = await createSessions(t);
    for (const limit of [0, -1, null]) {
      await t.throwsAsync(installation.ask(`CALL ${call}`, [limit]), {
        instanceOf: DatabaseError,
        message: /^`sess_(find|destroy)_user_id`: p_limit must be at least 1$/,
      });
    }
    t.is((await ids(installation)).length, 5);
  });
}

test('NULL and bytes that are not UTF-8 match no session.', async (t) => {
  const installation = await createSessions(t);
  await writeSession(installation, 'none', 60);
  t.deepEqual(await installation.ask("CALL sess_find_user_id(NULL, '', 10)"), []);
  t.deepEqual(await installation.ask('CALL sess_destroy_user_id(NULL, NULL, 10)'), [[0, 0]]);
  for (const call of [
    "sess_find_user_id(X'FF', '', 10)",
    "sess_destroy_user_id(X'6164FF61', NULL, 10)",
  ]) {
    await installation.ask(`CALL ${call}`).catch((error) => t.true(error instanceof DatabaseError));
  }
  t.is((await ids(installation)).length, 6);
});
