import test from 'ava';
import { createInstallation, writeSession } from '../../install/installation';
import { runCli } from '../run-cli';
import { createOperatorInstallation, timePattern } from './operator-installation';

test.serial('stats counts the sessions, and shows their age and size.', async (t) => {
  const installation = await createOperatorInstallation(t);
  await writeSession(installation, 'gone', -7_200);
  await installation.query(
    "UPDATE sessions SET created_at = UTC_TIMESTAMP(3) - INTERVAL 1 DAY WHERE sid = 'a'",
  );
  const { code, stdout } = await installation.run('stats');
  t.is(code, 0);
  t.regex(
    stdout,
    new RegExp(
      [
        '^Live sessions +4',
        'Expired sessions +1',
        `Oldest live session created \\(UTC\\) +${timePattern}`,
        `Longest expired session since \\(UTC\\) +${timePattern}`,
        'Bytes of JSON text +\\d+\n$',
      ].join('\n'),
    ),
  );
  const { live, expired, oldest, oldestExpired, bytes } = JSON.parse(
    (await installation.run('stats', '--json')).stdout,
  );
  t.deepEqual([live, expired], [4, 1]);
  const hoursAgo = (date: string) =>
    Math.round((Date.now() - new Date(date).getTime()) / 3_600_000);
  t.deepEqual([hoursAgo(oldest), hoursAgo(oldestExpired)], [24, 2]);
  const [row] = await installation.query(
    'SELECT SUM(LENGTH(CONVERT(sess USING binary))) FROM sessions',
  );
  t.is(bytes, Number(row?.[0]));
});

test.serial('stats of an empty table shows no oldest session.', async (t) => {
  const { account } = await createInstallation(t, ['operator']);
  const { stdout } = await runCli(['stats', '--json', '--url', account.url]);
  t.deepEqual(JSON.parse(stdout), {
    live: 0,
    expired: 0,
    oldest: null,
    oldestExpired: null,
    bytes: 0,
  });
});
