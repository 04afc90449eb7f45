import test from 'ava';
import { contractVersion } from '../../src/contract';
import { DatabaseError } from '../../src/errors';
import {
  createInstallation,
  ids,
  type TestInstallation,
  writeSession,
} from '../install/installation';

const day = 86_400_000;

async function age({ query }: TestInstallation, sid: string): Promise<number> {
  const [row] = await query(
    'SELECT TIMESTAMPDIFF(MICROSECOND, created_at, UTC_TIMESTAMP(3)) DIV 1000 FROM sessions WHERE sid = ?',
    [sid],
  );
  return Number(row?.[0]);
}

test('sess_get returns the data, remaining lifetime and age of a session.', async (t) => {
  const { ask } = await createInstallation(t);
  await ask("CALL sess_set('a', '{\"user\":1}', 86400000)");
  const [row] = await ask("CALL sess_get('a')");
  const [sess, left, age] = row ?? [];
  t.deepEqual(JSON.parse(String(sess)), { user: 1 });
  t.true(Number(left) <= day && Number(left) > day - 60_000);
  t.true(Number(age) >= 0 && Number(age) < 60_000);
});

test('sess_get skips an expired session.', async (t) => {
  const installation = await createInstallation(t);
  await writeSession(installation, 'a', -1);
  t.deepEqual(await installation.ask("CALL sess_get('a')"), []);
});

test('sess_set keeps the creation time of a live session.', async (t) => {
  const installation = await createInstallation(t);
  await writeSession(installation, 'a', 60);
  await installation.ask("CALL sess_set('a', '{\"b\":2}', 60000)");
  t.true((await age(installation, 'a')) >= day);
  const [row] = await installation.ask("CALL sess_get('a')");
  t.deepEqual(JSON.parse(String(row?.[0])), { b: 2 });
});

test('sess_set gives an expired session a new creation time.', async (t) => {
  const installation = await createInstallation(t);
  await writeSession(installation, 'a', -1);
  await installation.ask("CALL sess_set('a', '{}', 60000)");
  t.true((await age(installation, 'a')) < day);
});

test('sess_update replaces the data of a live session, and keeps its creation time.', async (t) => {
  const installation = await createInstallation(t);
  await writeSession(installation, 'a', 60);
  t.deepEqual(await installation.ask("CALL sess_update('a', '{\"b\":2}', 60000)"), []);
  const [row] = await installation.ask("CALL sess_get('a')");
  t.deepEqual(JSON.parse(String(row?.[0])), { b: 2 });
  t.true((await age(installation, 'a')) >= day);
});

test('sess_touch prolongs a live session, and keeps its data.', async (t) => {
  const installation = await createInstallation(t);
  await installation.ask("CALL sess_set('a', '{\"a\":1}', 60000)");
  t.deepEqual(await installation.ask("CALL sess_touch('a', 86400000)"), []);
  const [row] = await installation.ask("CALL sess_get('a')");
  t.deepEqual(JSON.parse(String(row?.[0])), { a: 1 });
  t.true(Number(row?.[1]) > day - 60_000);
});

for (const [routine, call] of [
  ['update', "CALL sess_update('a', '{}', 60000)"],
  ['merge', "CALL sess_merge('a', '[\"b\",1]', '[]', 60000)"],
  ['touch', "CALL sess_touch('a', 60000)"],
] as const) {
  test(`sess_${routine} reports that a session does not exist, and creates none.`, async (t) => {
    const installation = await createInstallation(t);
    t.deepEqual(await installation.ask(call), [[0]]);
    t.deepEqual(await ids(installation), []);
  });

  test(`sess_${routine} reports that an expired session does not exist, and does not revive it.`, async (t) => {
    const installation = await createInstallation(t);
    await writeSession(installation, 'a', -1);
    t.deepEqual(await installation.ask(call), [[0]]);
    t.deepEqual(await installation.ask("CALL sess_get('a')"), []);
  });
}

test('sess_destroy deletes one session, and may be repeated.', async (t) => {
  const installation = await createInstallation(t);
  await writeSession(installation, 'a', 60);
  await writeSession(installation, 'b', 60);
  await installation.ask("CALL sess_destroy('a')");
  await installation.ask("CALL sess_destroy('a')");
  t.deepEqual(await ids(installation), ['b']);
});

test('sess_set refuses data that is not JSON, and writes nothing.', async (t) => {
  const installation = await createInstallation(t);
  await t.throwsAsync(installation.ask("CALL sess_set('a', '{', 60000)"), {
    instanceOf: DatabaseError,
  });
  t.deepEqual(await ids(installation), []);
});

test('sess_set accepts the JSON depth that sess_version reports, and refuses a deeper one.', async (t) => {
  const { ask } = await createInstallation(t);
  const [version] = await ask('CALL sess_version()');
  const depth = Number(version?.[1]);
  const nested = (levels: number) => '['.repeat(levels).padEnd(2 * levels, ']');
  await t.notThrowsAsync(ask("CALL sess_set('a', ?, 60000)", [nested(depth)]));
  await t.throwsAsync(ask("CALL sess_set('a', ?, 60000)", [nested(depth + 1)]), {
    instanceOf: DatabaseError,
  });
});

test('sess_version reports contract, longest statement and autocommit.', async (t) => {
  const { ask } = await createInstallation(t);
  const [version] = await ask('CALL sess_version()');
  const [limit] = await ask('SELECT @@max_allowed_packet');
  t.deepEqual([version?.[0], version?.[2], version?.[3]].map(Number), [
    contractVersion,
    Number(limit?.[0]),
    1,
  ]);
});
