import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import { DatabaseError } from '../../src/errors';
import { createInstallation, writeSession } from '../install/installation';
import { openDatabase } from '../support/database';

const requiringTtl = [
  ['sess_set', "CALL sess_set('a', '{}', ?)"],
  ['sess_touch', "CALL sess_touch('a', ?)"],
] as const;

/** The routines that keep the expiry time if the lifetime is NULL. */
const keepingExpiry = [
  ['sess_update', "CALL sess_update('a', '{\"b\":1}', ?)"],
  ['sess_merge', "CALL sess_merge('a', '[\"b\",1]', '[]', ?)"],
  ['sess_merge of several keys', "CALL sess_merge('a', '[\"b\",1,\"c\",2]', '[]', ?)"],
] as const;

const untilYear10000 = Date.UTC(10_000, 0) - Date.now();
const badLifetimes = [
  0,
  -1,
  untilYear10000 + 60_000,
  Number.MAX_SAFE_INTEGER,
  '9223372036854775807',
];

for (const [routine, call, refused, wanted] of [
  ...requiringTtl.map((writer) => [...writer, [...badLifetimes, null], 'at least 1'] as const),
  ...keepingExpiry.map((writer) => [...writer, badLifetimes, 'NULL, or at least 1'] as const),
]) {
  test(`${routine} refuses a lifetime below 1 ms or beyond the year 9999.`, async (t) => {
    const installation = await createInstallation(t);
    await writeSession(installation, 'a', 60);
    const before = await installation.query('SELECT * FROM sessions');
    for (const ttl of refused) {
      await t.throwsAsync(
        installation.ask(call, [ttl]),
        {
          instanceOf: DatabaseError,
          message: `\`${routine.split(' ')[0]}\`: p_ttl_ms must be ${wanted} and end before the year 10000`,
        },
        String(ttl),
      );
    }
    t.deepEqual(await installation.query('SELECT * FROM sessions'), before);
  });

  test(`${routine} sets the expiry time from the server's clock, to the millisecond.`, async (t) => {
    const installation = await createInstallation(t);
    await writeSession(installation, 'a', 60);
    await installation.ask(call, [86_400_001]);
    const [row] = await installation.query(
      'SELECT TIMESTAMPDIFF(MICROSECOND, updated_at, expired), updated_at <= UTC_TIMESTAMP(3) FROM sessions',
    );
    t.deepEqual(row?.map(Number), [86_400_001_000, 1]);
  });

  test(`${routine} accepts a lifetime up to the year 9999.`, async (t) => {
    const installation = await createInstallation(t);
    await writeSession(installation, 'a', 60);
    await installation.ask(call, [Date.UTC(9999, 11, 31) - Date.now()]);
    const [row] = await installation.query('SELECT YEAR(expired) FROM sessions');
    t.is(Number(row?.[0]), 9999);
  });
}

for (const [routine, call] of keepingExpiry) {
  test(`${routine} keeps the expiry time if the lifetime is NULL.`, async (t) => {
    const installation = await createInstallation(t);
    await writeSession(installation, 'a', 60);
    const before = await installation.query('SELECT expired FROM sessions');
    const rows = await installation.ask(call, [null]);
    t.true([[], [[1]]].some((expected) => isDeepStrictEqual(rows, expected)));
    t.deepEqual(await installation.query('SELECT expired FROM sessions'), before);
    const [row] = await installation.ask("CALL sess_get('a')");
    t.is(JSON.parse(String(row?.[0])).b, 1);
  });
}

for (const zone of ['+13:00', '-12:00']) {
  test(`A client in the time zone ${zone} sees the same lifetime.`, async (t) => {
    const installation = await createInstallation(t);
    await installation.query(
      "INSERT INTO sessions VALUES ('a', '{}', UTC_TIMESTAMP(3) + INTERVAL 1 HOUR, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))",
    );
    await openDatabase(t, installation.account.url).withConnection(async (connection) => {
      await connection.query('SET time_zone = ?', [zone]);
      const [row] = await connection.query("CALL sess_get('a')");
      const left = Number(row?.[1]);
      t.true(left > 3_500_000 && left <= 3_600_000, String(left));
    });
  });
}
