import test from 'ava';
import { createOperatorInstallation, timePattern } from './operator-installation';

test.serial('list shows the live sessions with their times and sizes.', async (t) => {
  const { run, query } = await createOperatorInstallation(t);
  await query("UPDATE sessions SET expired = UTC_TIMESTAMP(3) WHERE sid = 'b'");
  const { code, stdout } = await run('list');
  // The server decides how many blanks a JSON text has.
  const rows = ['a', 'c', 'd'].map((sid) => `${sid} +${timePattern} +${timePattern} +\\d+\n`);
  t.is(code, 0);
  t.regex(
    stdout,
    new RegExp(`^Id +Created \\(UTC\\) +Expires \\(UTC\\) +Bytes\n${rows.join('')}$`),
  );
});

test.serial(
  'list has lines of 80 columns at most, also with ids of the option hashIds.',
  async (t) => {
    const { run, query } = await createOperatorInstallation(t);
    const widthOf = async () =>
      Math.max(...(await run('list')).stdout.split('\n').map((line) => line.length));
    await query("UPDATE sessions SET sid = RPAD(sid, 32, 'x')");
    t.true((await widthOf()) > 60 && (await widthOf()) <= 80);
    await query("UPDATE sessions SET sid = RPAD(sid, 64, 'x')");
    t.true((await widthOf()) <= 80);
    const { stdout } = await run('list');
    t.regex(stdout, /^Id +Age +Left\na[x]{63} {2}\d+[sm] +59m\n/);
  },
);

test.serial('list --where compares the value exactly.', async (t) => {
  const { run } = await createOperatorInstallation(t);
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
  t.is((await run('list', '--where', 'user=4')).stdout, 'No live sessions.\n');
});

test.serial('list --json prints the times and the size of each session.', async (t) => {
  const { run } = await createOperatorInstallation(t);
  const [first] = JSON.parse((await run('list', '--where', 'user=42', '--json')).stdout);
  t.true(first.bytes >= 28 && first.bytes < 35);
  t.true(Math.abs(new Date(first.expires).getTime() - Date.now() - 3_600_000) < 60_000);
  t.true(Math.abs(new Date(first.createdAt).getTime() - Date.now()) < 60_000);
});

test.serial('list stops at its limit, and reports that more sessions match.', async (t) => {
  const { run } = await createOperatorInstallation(t);
  const { stdout, stderr } = await run('list', '--limit', '3', '--json');
  t.is(JSON.parse(stdout).length, 3);
  t.is(stderr, 'More than 3 sessions match. Raise --limit to list more.\n');
  t.is((await run('list', '--limit', '4')).stderr, '');
});
