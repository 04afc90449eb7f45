import test from 'ava';
import { ids } from '../../install/installation';
import { runAtTerminal, testAtTerminal } from '../pseudo-terminal';
import { createOperatorInstallation } from './operator-installation';

test.serial('end --where ends the sessions with a value, except one.', async (t) => {
  const installation = await createOperatorInstallation(t);
  t.like(await installation.run('end', '--where', 'user=42', '--except', 'c'), {
    code: 0,
    stdout: '1 session ended.\n',
  });
  t.deepEqual(await ids(installation), ['b', 'c', 'd']);
  t.is(
    (await installation.run('end', '--where', 'user=unknown', '--json')).stdout,
    '{\n  "ended": 0\n}\n',
  );
});

test.serial('end --where ends more sessions than one call of the routine deletes.', async (t) => {
  const installation = await createOperatorInstallation(t);
  await installation.query(
    `INSERT INTO sessions (sid, sess, expired, created_at, updated_at)
     WITH RECURSIVE numbers AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM numbers WHERE n < 300)
     SELECT CONCAT('s', n), '{"user":7}', UTC_TIMESTAMP(3) + INTERVAL 1 HOUR,
       UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) FROM numbers`,
  );
  t.is((await installation.run('end', '--where', 'user=7')).stdout, '300 sessions ended.\n');
  t.deepEqual(await ids(installation), ['a', 'b', 'c', 'd']);
});

test.serial('end ends the session with the id.', async (t) => {
  const installation = await createOperatorInstallation(t);
  t.is((await installation.run('end', 'a')).stdout, '1 session ended.\n');
  t.deepEqual(await ids(installation), ['b', 'c', 'd']);
});

test.serial('end fails as show does if no live session has the id.', async (t) => {
  const { run } = await createOperatorInstallation(t);
  for (const args of [
    ['end', 'A'],
    ['show', 'A'],
  ]) {
    const { code, stdout, stderr } = await run(...args);
    t.deepEqual([code, stdout, stderr], [1, '', 'No live session has this id.\n']);
  }
  const { code, stdout } = await run('end', 'A', '--json');
  t.is(code, 1);
  t.deepEqual(JSON.parse(stdout), { ended: 0 });
  t.is((await run('end', '--where', 'user=unknown')).code, 0);
});

test.serial('end --all without a terminal needs --yes, and then ends every session.', async (t) => {
  const installation = await createOperatorInstallation(t);
  const { code, stderr } = await installation.run('end', '--all');
  t.is(code, 2);
  t.regex(
    stderr,
    /^error: Expected `--yes` to be given with --all, which asks at a terminal, got no terminal/,
  );
  t.is((await ids(installation)).length, 4);
  t.is((await installation.run('end', '--all', '--yes')).stdout, '4 sessions ended.\n');
  t.deepEqual(await ids(installation), []);
});

testAtTerminal('end --all asks at a terminal, and names the database.', async (t) => {
  const installation = await createOperatorInstallation(t);
  const { code, screen } = await runAtTerminal(
    ['end', '--all'],
    { MYSQL_URL: installation.account.url },
    { question: 'Continue?', keys: 'n\r' },
  );
  t.is(code, 1);
  t.regex(screen, new RegExp(`every session in ${installation.name} at 127\\.0\\.0\\.1:`));
  t.is((await ids(installation)).length, 4);
});
