import test, { type ExecutionContext } from 'ava';
import { createInstallation, ids, type TestInstallation, writeSession } from '../install/installation';
import { runCli } from './cli';
import { hasTerminal, runAtTerminal } from './terminal';

const atTerminal = hasTerminal ? test.serial : test.serial.skip;

/** An installation beside a table of connect-session-knex, with one session of each fate. */
async function createMove(t: ExecutionContext): Promise<TestInstallation> {
  const installation = await createInstallation(t, []);
  await installation.query(
    'CREATE TABLE old_sessions (sid VARCHAR(255) PRIMARY KEY, sess JSON NOT NULL, expired DATETIME NOT NULL)',
  );
  await installation.query(`INSERT INTO old_sessions VALUES
    ('here', '{}', UTC_TIMESTAMP() + INTERVAL 1 HOUR),
    ('live', '{}', UTC_TIMESTAMP() + INTERVAL 1 HOUR),
    ('list-of-a-session', '[]', UTC_TIMESTAMP() + INTERVAL 1 HOUR),
    ('old', '{}', UTC_TIMESTAMP() - INTERVAL 1 HOUR)`);
  await writeSession(installation, 'here', 60);
  return installation;
}

const figures = (name: string) => `From               ${name}.old_sessions, a table of connect-session-knex
Sessions           4
To adopt           1
Live here already  1
Expired            1
Can't come over    1
  list… (17 characters): its data is JSON, but no object
`;

test.serial('adopt says what is going to happen on stderr, and what happened on stdout.', async (t) => {
  const installation = await createMove(t);
  t.like(await runCli(['adopt', 'old_sessions', '--url', installation.url]), {
    code: 0,
    stdout: '1 session adopted.\n',
    stderr: figures(installation.name),
  });
  t.deepEqual(await ids(installation), ['here', 'live']);
});

test.serial('adopt --dry-run says the same, and changes nothing.', async (t) => {
  const installation = await createMove(t);
  t.like(await runCli(['adopt', 'old_sessions', '--dry-run', '--url', installation.url]), {
    code: 0,
    stdout: '1 session would be adopted: nothing was changed.\n',
    stderr: figures(installation.name),
  });
  t.deepEqual(await ids(installation), ['here']);
});

test.serial('adopt --json tells what became of the rows.', async (t) => {
  const { name, url } = await createMove(t);
  const { stdout } = await runCli(['adopt', 'old_sessions', '--json', '--url', url]);
  t.deepEqual(JSON.parse(stdout), {
    dryRun: false,
    source: `${name}.old_sessions`,
    kind: 'connect-session-knex',
    rows: 4,
    adopted: 1,
    present: 1,
    expired: 1,
    refused: 1,
    refusals: [{ sid: 'list… (17 characters)', reason: 'its data is JSON, but no object' }],
  });
});

test.serial('adopt says how many more there are that it does not name.', async (t) => {
  const { url, query } = await createMove(t);
  await query(`INSERT INTO old_sessions
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 104)
    SELECT CONCAT('list', n), '[]', UTC_TIMESTAMP() + INTERVAL 1 HOUR FROM numbers`);
  const { stderr } = await runCli(['adopt', 'old_sessions', '--dry-run', '--url', url]);
  t.regex(stderr, /^ {2}and 5 more$/m);
});

test.serial('adopt of a table that is not there fails with exit code 1 and a sentence.', async (t) => {
  const { name, url } = await createInstallation(t, []);
  t.like(await runCli(['adopt', 'nowhere', '--url', url]), {
    code: 1,
    stdout: '',
    stderr: `error: There is no table \`${name}\`.\`nowhere\`, or the account may not see it\n`,
  });
});

test.serial('adopt without a table is wrong usage.', async (t) => {
  const { code, stderr } = await runCli(['adopt', '--url', 'mysql://dba@127.0.0.1:1/shop']);
  t.is(code, 2);
  t.regex(stderr, /^error: missing required argument 'source'/);
});

test.serial('adopt of what is no name of a table is wrong usage, and names the argument.', async (t) => {
  const { url } = await createInstallation(t, []);
  const { code, stderr } = await runCli(['adopt', 'a.b.c', '--url', url]);
  t.is(code, 2);
  t.regex(stderr, /^error: Expected `source` to be a table such as old_sessions or shop\.old_sessions, got/);
});

atTerminal('adopt at a terminal shows a bar.', async (t) => {
  const { url } = await createMove(t);
  const { code, screen } = await runAtTerminal(['adopt', 'old_sessions'], { MYSQL_URL: url });
  t.is(code, 0);
  t.regex(screen, /█.* of 4 sessions/);
  t.regex(screen, /1 session adopted\./);
});
