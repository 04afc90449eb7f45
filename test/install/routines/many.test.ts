import test from 'ava';
import { DatabaseError } from '../../../src/errors';
import { openDatabase } from '../../database';
import { createInstallation, type TestInstallation, writeSession } from '../installation';

const list = (...items: unknown[]) => [Buffer.from(JSON.stringify(items))];

async function getMany({ ask }: TestInstallation, ...sids: unknown[]): Promise<unknown[]> {
  const rows = await ask('CALL sess_get_many(?)', list(...sids));
  return rows.map(([position, sess]) => [Number(position), JSON.parse(String(sess))]).sort();
}

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

test('Several sessions are read at once, each with its place in the list.', async (t) => {
  const installation = await createInstallation(t);
  await installation.ask('CALL sess_set(\'a\', \'{"who":"a"}\', 60000)');
  await installation.ask('CALL sess_set(\'b\', \'{"who":"b"}\', 60000)');
  t.deepEqual(await getMany(installation, 'b', 'none', 'a', 'b'), [
    [1, { who: 'b' }],
    [3, { who: 'a' }],
    [4, { who: 'b' }],
  ]);
});

test('What is read at once is what is read alone.', async (t) => {
  const installation = await createInstallation(t);
  await writeSession(installation, 'a', 3_600);
  const [[, ...many] = []] = await installation.ask('CALL sess_get_many(?)', list('a'));
  const [one = []] = await installation.ask("CALL sess_get('a')");
  t.deepEqual(many[0], one[0]);
  t.true([1, 2].every((index) => Math.abs(Number(many[index]) - Number(one[index])) < 10_000));
});

test('An expired session is not read with others.', async (t) => {
  const installation = await createInstallation(t);
  await writeSession(installation, 'a', -1);
  await writeSession(installation, 'b', 60);
  t.deepEqual(await getMany(installation, 'a', 'b'), [[2, {}]]);
});

test('No id in a list finds the session of another, and none spoils the list.', async (t) => {
  const installation = await createInstallation(t);
  const others = ['a', '?', 'a?', 'a'.repeat(255), '5', 'null'];
  for (const sid of others) {
    await writeSession(installation, sid, 60);
  }
  const hostile = ['a ', ' a', 'ä', 'aä', 'a\0', 'a'.repeat(256), 'a'.repeat(300), '', null, {}, ['a'], 'A'];
  t.deepEqual(await getMany(installation, ...hostile, 'a'), [[hostile.length + 1, {}]]);
});

test('An empty list reads nothing.', async (t) => {
  t.deepEqual(await getMany(await createInstallation(t)), []);
});

test('Several sessions are touched at once, and each says whether it was there.', async (t) => {
  const installation = await createInstallation(t);
  await writeSession(installation, 'a', 60);
  await writeSession(installation, 'b', 60);
  await writeSession(installation, 'expired', -1_000);
  t.deepEqual(
    await touchMany(installation, 'b', 3_600_000, 'none', 1, 'expired', 60_000, 'a', 7_200_000),
    [1, 0, 0, 1],
  );
  t.deepEqual(await secondsLeft(installation), [
    ['a', 7_200],
    ['b', 3_600],
    ['expired', -1_000],
  ]);
});

test('A session that is locked is left to be touched alone, and the others do not wait.', async (t) => {
  const installation = await createInstallation(t);
  await writeSession(installation, 'a', 60);
  await writeSession(installation, 'b', 60);
  await openDatabase(t, installation.url).withConnection(async (other) => {
    await other.query('START TRANSACTION');
    await other.query("SELECT * FROM sessions WHERE sid = 'a' FOR UPDATE");
    t.deepEqual(await touchMany(installation, 'a', 3_600_000, 'b', 3_600_000), [null, 1]);
    await other.query('ROLLBACK');
  });
  t.deepEqual(await secondsLeft(installation), [
    ['a', 100],
    ['b', 3_600],
  ]);
});

for (const [what, touches, message] of [
  ['an id that is none', ['a b', 60_000], /each id of p_touches must be 1 to 255 visible ASCII characters/],
  ['an id that is too long', ['a'.repeat(256), 60_000], /each id of p_touches/],
  ['a time of 0', ['a', 0], /each time of p_touches must be at least 1 and end before the year 10000/],
  ['no time', ['a'], /each time of p_touches/],
] as const) {
  test(`Touches with ${what} are refused, and nothing is written.`, async (t) => {
    const installation = await createInstallation(t);
    await writeSession(installation, 'b', 60);
    await t.throwsAsync(touchMany(installation, 'b', 3_600_000, ...touches), {
      instanceOf: DatabaseError,
      message,
    });
    t.deepEqual(await secondsLeft(installation), [['b', 100]]);
  });
}

test('Text that is no JSON is refused.', async (t) => {
  const { ask } = await createInstallation(t);
  for (const routine of ['sess_get_many', 'sess_touch_many']) {
    await t.throwsAsync(ask(`CALL ${routine}('[')`), { instanceOf: DatabaseError }, routine);
  }
});
