import test, { type ExecutionContext } from 'ava';
import { addAttribute } from '../../src/install';
import { createInstallation, ids, writeSession } from '../install/installation';
import { runCli } from './cli';

/** An installation with four sessions, and the URL of an account that is an operator and nothing else. */
async function createSupport(t: ExecutionContext) {
  const installation = await createInstallation(t, ['operator']);
  await addAttribute({ connection: installation.url }, { name: 'user', path: '$.user', type: 'VARCHAR(20)' });
  for (const [sid, sess] of Object.entries({
    a: '{"user":42,"note":"größe"}',
    b: '{"user":"42 "}',
    c: '{"user":42}',
    d: '{"user":"x=y"}',
  })) {
    await installation.query('CALL sess_set(?, ?, 3600000)', [Buffer.from(sid), Buffer.from(sess)]);
  }
  return {
    ...installation,
    run: (...args: string[]) => runCli([...args, '--url', installation.account.url]),
  };
}

const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`;

test.serial('list shows the live sessions, with their times and sizes.', async (t) => {
  const { run, query } = await createSupport(t);
  await query("UPDATE sessions SET expired = UTC_TIMESTAMP(3) WHERE sid = 'b'");
  const { code, stdout } = await run('list');
  t.is(code, 0);
  t.regex(
    stdout,
    // A server may add blanks to a JSON text.
    new RegExp(
      `^Id +Created \\(UTC\\) +Expires \\(UTC\\) +Bytes\na +${time} +${time} +\\d+\nc +${time} +${time} +\\d+\nd +${time} +${time} +\\d+\n$`,
    ),
  );
});

test.serial('list --where shows the sessions of a value, which compares exactly.', async (t) => {
  const { run } = await createSupport(t);
  const idsWhere = async (where: string) => {
    const { stdout } = await run('list', '--where', where, '--json');
    return JSON.parse(stdout).map(({ id }: { id: string }) => id);
  };
  t.deepEqual(
    [
      await idsWhere('user=42'),
      await idsWhere('user=42 '),
      await idsWhere('user=x=y'),
      await idsWhere('user=4'),
    ],
    [['a', 'c'], ['b'], ['d'], []],
  );
  t.is((await run('list', '--where', 'user=4')).stdout, 'No live session.\n');
});

test.serial('list --json tells the times of each session.', async (t) => {
  const { run } = await createSupport(t);
  const [first] = JSON.parse((await run('list', '--where', 'user=42', '--json')).stdout);
  t.true(first.bytes >= 28 && first.bytes < 35);
  t.true(Math.abs(new Date(first.expires).getTime() - Date.now() - 3_600_000) < 60_000);
  t.true(Math.abs(new Date(first.createdAt).getTime() - Date.now()) < 60_000);
});

test.serial('list stops at its limit, and says that there are more.', async (t) => {
  const { run } = await createSupport(t);
  const { stdout, stderr } = await run('list', '--limit', '3', '--json');
  t.is(JSON.parse(stdout).length, 3);
  t.is(stderr, 'There are more than 3: --limit tells how many are listed.\n');
  t.is((await run('list', '--limit', '4')).stderr, '');
});

test.serial('show shows all of a session.', async (t) => {
  const { run } = await createSupport(t);
  const { code, stdout } = await run('show', 'a');
  t.is(code, 0);
  t.regex(stdout, new RegExp(`^Id +a\nCreated \\(UTC\\) +${time}\nExpires \\(UTC\\) +${time}\n\n{\n {2}"`));
  // In the server's order of keys.
  t.deepEqual(JSON.parse(stdout.slice(stdout.indexOf('{'))), { user: 42, note: 'größe' });
  t.like(JSON.parse((await run('show', 'a', '--json')).stdout), {
    id: 'a',
    session: { user: 42, note: 'größe' },
  });
});

test.serial('show fails where there is no live session of the id.', async (t) => {
  const { run } = await createSupport(t);
  t.like(await run('show', 'A'), { code: 1, stdout: '', stderr: 'There is no live session of this id.\n' });
  t.like(await run('show', 'A', '--json'), { code: 1, stdout: 'null\n' });
});

test.serial('end --where ends the sessions of a value, but the one to keep.', async (t) => {
  const installation = await createSupport(t);
  t.like(await installation.run('end', '--where', 'user=42', '--except', 'c'), {
    code: 0,
    stdout: '1 session ended.\n',
  });
  t.deepEqual(await ids(installation), ['b', 'c', 'd']);
  t.is((await installation.run('end', '--where', 'user=nobody', '--json')).stdout, '{\n  "ended": 0\n}\n');
});

test.serial('end --where ends many.', async (t) => {
  const installation = await createSupport(t);
  await installation.query(
    `INSERT INTO sessions (sid, sess, expired, created_at, updated_at)
     WITH RECURSIVE numbers AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM numbers WHERE n < 300)
     SELECT CONCAT('s', n), '{"user":7}', UTC_TIMESTAMP(3) + INTERVAL 1 HOUR, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) FROM numbers`,
  );
  t.is((await installation.run('end', '--where', 'user=7')).stdout, '300 sessions ended.\n');
  t.deepEqual(await ids(installation), ['a', 'b', 'c', 'd']);
});

test.serial('end ends the session of an id.', async (t) => {
  const installation = await createSupport(t);
  t.is((await installation.run('end', 'a')).stdout, '1 session ended.\n');
  t.is((await installation.run('end', 'a')).stdout, '0 sessions ended.\n');
  t.deepEqual(await ids(installation), ['b', 'c', 'd']);
});

test.serial('stats tells how many sessions there are, how old and how large.', async (t) => {
  const installation = await createSupport(t);
  await writeSession(installation, 'gone', -7_200);
  await installation.query(
    "UPDATE sessions SET created_at = UTC_TIMESTAMP(3) - INTERVAL 1 DAY WHERE sid = 'a'",
  );
  const { code, stdout } = await installation.run('stats');
  t.is(code, 0);
  t.regex(
    stdout,
    new RegExp(
      `^Live +4\nExpired +1\nOldest live, created \\(UTC\\) +${time}\nLongest expired, since \\(UTC\\) +${time}\nBytes of JSON +\\d+\n$`,
    ),
  );
  const { live, expired, oldest, oldestExpired, bytes } = JSON.parse(
    (await installation.run('stats', '--json')).stdout,
  );
  t.deepEqual([live, expired], [4, 1]);
  const hoursAgo = (date: string) => Math.round((Date.now() - new Date(date).getTime()) / 3_600_000);
  t.deepEqual([hoursAgo(oldest), hoursAgo(oldestExpired)], [24, 2]);
  const [row] = await installation.query('SELECT SUM(LENGTH(CONVERT(sess USING binary))) FROM sessions');
  t.is(bytes, Number(row?.[0]));
});

test.serial('stats of an empty table has no oldest session.', async (t) => {
  const { account } = await createInstallation(t, ['operator']);
  const { stdout } = await runCli(['stats', '--json', '--url', account.url]);
  t.deepEqual(JSON.parse(stdout), { live: 0, expired: 0, oldest: null, oldestExpired: null, bytes: 0 });
});

const misuses: Array<[args: string[], said: RegExp]> = [
  [
    ['list', '--where', 'user'],
    /^error: Expected `--where` to be an attribute and its value, such as user_id=42/,
  ],
  [['list', '--where', 'User=1'], /^error: Expected `--where` to be an attribute's name/],
  [['list', '--limit', '0'], /^error: Expected `--limit` to be a whole number, 1 to 2147483647, got "0"/],
  [['end'], /^error: Expected `--where` to be given, or else the id of a session, got neither/],
  [
    ['end', 'a', '--where', 'user=42'],
    /^error: Expected `--where` to be given, or else the id of a session, got both/,
  ],
  [['end', 'a', '--except', 'b'], /^error: Expected `--except` to be given only with --where/],
  [['end', 'a b'], /^error: Expected `sid` to be a string of 1 to 255 visible ASCII characters/],
  [['show', ''], /^error: Expected `sid` to be a string of 1 to 255 visible ASCII characters/],
];
for (const [args, said] of misuses) {
  test.serial(`${args.join(' ')} is wrong usage, and ends nothing.`, async (t) => {
    const installation = await createSupport(t);
    const { code, stdout, stderr } = await installation.run(...args);
    t.is(code, 2);
    t.is(stdout, '');
    t.regex(stderr, said);
    t.is((await ids(installation)).length, 4);
  });
}

for (const args of [
  ['list'],
  ['list', '--where', 'user=42'],
  ['show', 'a'],
  ['end', 'a'],
  ['end', '--where', 'user=42'],
  ['stats'],
]) {
  test.serial(
    `${args.join(' ')} is refused to an account without the role, which the error names.`,
    async (t) => {
      const installation = await createInstallation(t, ['cleaner']);
      await addAttribute({ connection: installation.url }, { name: 'user', path: '$.user', type: 'INT' });
      await writeSession(installation, 'a', 60);
      const { code, stderr } = await runCli([...args, '--url', installation.account.url]);
      t.is(code, 1);
      t.regex(stderr, /^error: .+knex-mysql-session grant ACCOUNT --role (operator|find_user|destroy_user)/);
      t.deepEqual(await ids(installation), ['a']);
    },
  );
}
