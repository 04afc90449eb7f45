import test from 'ava';
import { DatabaseError } from '../../src/errors';
import { createInstallation, type TestInstallation, writeSession } from '../install/installation';
import { openDatabase } from '../support/database';

const list = (...items: unknown[]) => [Buffer.from(JSON.stringify(items))];

async function getMany({ ask }: TestInstallation, ...sids: unknown[]): Promise<unknown[]> {
  const rows = await ask('CALL sess_get_many(?)', list(...sids));
  return rows.map(([position, sess]) => [Number(position), JSON.parse(String(sess))]).sort();
}

/** Returns the positions of the touched sessions, in the order of their locks. */
async function touchMany({ ask }: TestInstallation, ...touches: unknown[]): Promise<unknown> {
  const [row] = await ask('CALL sess_touch_many(?)', list(...touches));
  return JSON.parse(String(row?.[0]));
}

async function secondsLeft({ query }: TestInstallation): Promise<unknown[]> {
  const rows = await query(
    'SELECT sid, ROUND(TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), expired) / 100) * 100 FROM sessions ORDER BY sid',
  );
  return rows.map(([sid, seconds]) => [sid, Number(seconds)]);
}

test('sess_get_many reads several sessions, each with its position in the list.', async (t) => {
  const installation = await createInstallation(t);
  await installation.ask('CALL sess_set(\'a\', \'{"who":"a"}\', 60000)');
  await installation.ask('CALL sess_set(\'b\', \'{"who":"b"}\', 60000)');
  t.deepEqual(await getMany(installation, 'b', 'none', 'a', 'b'), [
    [1, { who: 'b' }],
    [3, { who: 'a' }],
    [4, { who: 'b' }],
  ]);
});

test('sess_get_many returns the same values as sess_get.', async (t) => {
  const installation = await createInstallation(t);
  await writeSession(installation, 'a', 3_600);
  const [[, ...many] = []] = await installation.ask('CALL sess_get_many(?)', list('a'));
  const [one = []] = await installation.ask("CALL sess_get('a')");
  t.deepEqual(many[0], one[0]);
  t.true([1, 2].every((index) => Math.abs(Number(many[index]) - Number(one[index])) < 30_000));
});

test('sess_get_many skips an expired session.', async (t) => {
  const installation = await createInstallation(t);
  await writeSession(installation, 'a', -1);
  await writeSession(installation, 'b', 60);
  t.deepEqual(await getMany(installation, 'a', 'b'), [[2, {}]]);
});

test('A bad id in a list matches no session, and the other ids still do.', async (t) => {
  const installation = await createInstallation(t);
  const others = ['a', '?', 'a?', 'a'.repeat(255), '5', 'null'];
  for (const sid of others) {
    await writeSession(installation, sid, 60);
  }
  const hostile = [
    'a ',
    ' a',
    'ä',
    'aä',
    'a\0',
    'a'.repeat(256),
    'a'.repeat(300),
    '',
    null,
    {},
    ['a'],
    'A',
  ];
  t.deepEqual(await getMany(installation, ...hostile, 'a'), [[hostile.length + 1, {}]]);
});

test('An empty list returns no row.', async (t) => {
  t.deepEqual(await getMany(await createInstallation(t)), []);
});

test('sess_touch_many touches several sessions, and reports which of them exist.', async (t) => {
  const installation = await createInstallation(t);
  await writeSession(installation, 'a', 60);
  await writeSession(installation, 'b', 60);
  await writeSession(installation, 'expired', -1_000);
  t.deepEqual(
    await touchMany(
      installation,
      ['b', 3_600_000],
      ['none', 1],
      ['expired', 60_000],
      ['a', 7_200_000],
    ),
    [1, 4],
  );
  t.deepEqual(await secondsLeft(installation), [
    ['a', 7_200],
    ['b', 3_600],
    ['expired', -1_000],
  ]);
});

test('sess_touch_many locks sessions in the order of the list.', async (t) => {
  const installation = await createInstallation(t);
  for (const sid of ['b', 'd', 'a', 'c']) {
    await writeSession(installation, sid, 60);
  }
  const touches = ['c', 'a', 'd', 'b', 'a'].map((sid) => [sid, 3_600_000]);
  // The server adds a position to the result when it locks the row.
  t.deepEqual(await touchMany(installation, ...touches), [1, 2, 3, 4, 5]);
});

test('sess_touch_many skips a locked session, and does not wait for it.', async (t) => {
  const installation = await createInstallation(t);
  await writeSession(installation, 'a', 60);
  await writeSession(installation, 'b', 60);
  await openDatabase(t, installation.url).withConnection(async (other) => {
    await other.query('START TRANSACTION');
    await other.query("SELECT * FROM sessions WHERE sid = 'a' FOR UPDATE");
    t.deepEqual(await touchMany(installation, ['a', 3_600_000], ['b', 3_600_000]), [2]);
    await other.query('ROLLBACK');
  });
  t.deepEqual(await secondsLeft(installation), [
    ['a', 100],
    ['b', 3_600],
  ]);
});

test('sess_touch_many skips a bad item, and touches the others.', async (t) => {
  const installation = await createInstallation(t);
  const there = ['a', '?', 'a?', 'b', 'c', 'a'.repeat(255)];
  for (const sid of there) {
    await writeSession(installation, sid, 60);
  }
  const wrongIds = ['a ', ' a', 'ä', 'aä', 'a\0', 'a'.repeat(256), '', null, {}, ['a'], 'A'];
  const wrongTimes = [0, -1, null, 'soon', Number.MAX_SAFE_INTEGER];
  const wrong = [
    ...wrongIds.map((id) => [id, 3_600_000]),
    ...wrongTimes.map((time) => ['c', time]),
    ['c'],
    'c',
    null,
    {},
  ];
  t.deepEqual(await touchMany(installation, ...wrong, ['b', 3_600_000]), [wrong.length + 1]);
  t.deepEqual(
    await secondsLeft(installation),
    there.sort().map((sid) => [sid, sid === 'b' ? 3_600 : 100]),
  );
});

test('Concurrent touches of several sessions, in any order, never fail.', async (t) => {
  const installation = await createInstallation(t);
  const sids = Array.from({ length: 8 }, (_, number) => `s${number}`);
  for (const sid of sids) {
    await writeSession(installation, sid, 60);
  }
  const rounds = Array.from({ length: 400 }, (_, number) => {
    const order = [...sids.slice(number % 8), ...sids.slice(0, number % 8)];
    return (number % 2 ? order : order.reverse()).map((sid) => [sid, 3_600_000]);
  });
  await t.notThrowsAsync(Promise.all(rounds.map((touches) => touchMany(installation, ...touches))));
  t.deepEqual(
    await secondsLeft(installation),
    sids.map((sid) => [sid, 3_600]),
  );
});

test('A list that is not JSON is an error.', async (t) => {
  const { ask } = await createInstallation(t);
  for (const routine of ['sess_get_many', 'sess_touch_many']) {
    await t.throwsAsync(ask(`CALL ${routine}('[')`), { instanceOf: DatabaseError }, routine);
  }
});
