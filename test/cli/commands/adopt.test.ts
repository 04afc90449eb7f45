import test, { type ExecutionContext } from 'ava';
import { adopt } from '../../../src/install';
import {
  createInstallation,
  ids,
  type TestInstallation,
  writeSession,
} from '../../install/installation';
import { runAtTerminal, testAtTerminal } from '../pseudo-terminal';
import { runCli } from '../run-cli';

/**
 * Creates an installation and a table of connect-session-knex. The table has one session each that
 * is present already, can be adopted, is refused, and is expired.
 */
async function createSource(t: ExecutionContext): Promise<TestInstallation> {
  const installation = await createInstallation(t, []);
  await installation.query(
    `CREATE TABLE old_sessions
       (sid VARCHAR(255) PRIMARY KEY, sess JSON NOT NULL, expired DATETIME NOT NULL)`,
  );
  await installation.query(`INSERT INTO old_sessions VALUES
    ('here', '{}', UTC_TIMESTAMP() + INTERVAL 1 HOUR),
    ('live', '{}', UTC_TIMESTAMP() + INTERVAL 1 HOUR),
    ('list-of-a-session', '[]', UTC_TIMESTAMP() + INTERVAL 1 HOUR),
    ('old', '{}', UTC_TIMESTAMP() - INTERVAL 1 HOUR)`);
  await writeSession(installation, 'here', 60);
  return installation;
}

/** Returns what the command prints before it copies. */
async function expectedSurvey({ name, url }: TestInstallation): Promise<string> {
  const { refusals } = await adopt({ connection: url }, 'old_sessions', { dryRun: true });
  return `Source table     ${name}.old_sessions (connect-session-knex)
Rows             4
To adopt         1
Already adopted  1
Expired          1
Refused          1
  list… (17 characters): ${refusals[0]?.reason}
`;
}

test.serial('adopt prints its plan on stderr and its result on stdout.', async (t) => {
  const installation = await createSource(t);
  const stderr = await expectedSurvey(installation);
  t.like(await runCli(['adopt', 'old_sessions'], { MYSQL_URL: installation.url }), {
    code: 0,
    stdout: '1 session adopted.\n',
    stderr,
  });
  t.deepEqual(await ids(installation), ['here', 'live']);
});

test.serial('adopt --dry-run prints the same plan, and changes nothing.', async (t) => {
  const installation = await createSource(t);
  t.like(await runCli(['adopt', 'old_sessions', '--dry-run'], { MYSQL_URL: installation.url }), {
    code: 0,
    stdout: '1 session would be adopted. Nothing was changed.\n',
    stderr: await expectedSurvey(installation),
  });
  t.deepEqual(await ids(installation), ['here']);
});

test.serial('adopt --json prints the counts and the refused sessions.', async (t) => {
  const { name, url } = await createSource(t);
  const { refusals } = await adopt({ connection: url }, 'old_sessions', { dryRun: true });
  const { stdout } = await runCli(['adopt', 'old_sessions', '--json', '--url', url]);
  t.is(refusals.length, 1);
  t.deepEqual(JSON.parse(stdout), {
    dryRun: false,
    source: `${name}.old_sessions`,
    kind: 'connect-session-knex',
    rows: 4,
    adopted: 1,
    present: 1,
    expired: 1,
    refused: 1,
    refusals,
  });
});

test.serial('adopt prints the number of refused sessions that it does not list.', async (t) => {
  const { url, query } = await createSource(t);
  await query(`INSERT INTO old_sessions
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 104)
    SELECT CONCAT('list', n), '[]', UTC_TIMESTAMP() + INTERVAL 1 HOUR FROM numbers`);
  const { stderr } = await runCli(['adopt', 'old_sessions', '--dry-run', '--url', url]);
  t.regex(stderr, /^ {2}and 5 more$/m);
});

test.serial('adopt of a missing table fails with exit code 1 and one sentence.', async (t) => {
  const { url } = await createInstallation(t, []);
  const { code, stdout, stderr } = await runCli(['adopt', 'nowhere'], { MYSQL_URL: url });
  t.is(code, 1);
  t.is(stdout, '');
  t.regex(stderr, /^error: .*`nowhere`.*\n$/);
});

test.serial('adopt without a table is wrong usage.', async (t) => {
  const { code, stderr } = await runCli(['adopt', '--url', 'mysql://dba@127.0.0.1:1/shop']);
  t.is(code, 2);
  t.regex(stderr, /^error: missing required argument 'source'/);
});

test.serial('adopt with an invalid table name is wrong usage.', async (t) => {
  const { url } = await createInstallation(t, []);
  const { code, stderr } = await runCli(['adopt', 'a.b.c'], { MYSQL_URL: url });
  t.is(code, 2);
  t.regex(stderr, /^error: Expected `source` to be .*, got "a\.b\.c"/);
});

testAtTerminal('adopt at a terminal shows a bar.', async (t) => {
  const { url } = await createSource(t);
  const { code, screen } = await runAtTerminal(['adopt', 'old_sessions'], { MYSQL_URL: url });
  t.is(code, 0);
  t.regex(screen, /█.* of 4 sessions/);
  t.regex(screen, /1 session adopted\./);
});
