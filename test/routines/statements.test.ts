import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import test from 'ava';
import { createDatabase } from '../support/database';

const root = join(__dirname, '..', '..');
const self = 'test/routines/statements.test.ts';

// The tests send these, or knex does, over pools that play the application's pool.
const applicationStatements = [
  'select version() as version',
  'SELECT 1',
  'SET autocommit = 0',
  /^SET time_zone = '[+-]\d\d:\d\d'$/,
];

/** Runs all other tests of the store, with databases and accounts whose names have the prefix. */
async function runStoreTests(prefix: string): Promise<{ code: number; output: string }> {
  const ava = join(root, 'node_modules', 'ava', 'entrypoints', 'cli.mjs');
  // One file at a time: other files of the suite run at the same time.
  const child = spawn(
    process.execPath,
    [
      ava,
      '--concurrency=1',
      'test/stores/mysql-session-store/*.test.ts',
      'test/sessions/*.test.ts',
      'test/routines/*.test.ts',
      'test/database/*.test.ts',
      `!${self}`,
    ],
    {
      cwd: root,
      env: { ...process.env, TEST_DATABASE_PREFIX: prefix },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { code, output };
}

test('In a run of all its tests, the store sends only calls of routines.', async (t) => {
  t.timeout(900_000);
  const { query } = await createDatabase(t);
  const [before] = await query('SELECT @@GLOBAL.log_output, @@GLOBAL.general_log');
  const [logOutput, on] = before ?? [];
  t.teardown(async () => {
    await query(`SET GLOBAL general_log = ${Number(on)}`);
    await query(`SET GLOBAL log_output = '${logOutput}'`);
  });
  await query("SET GLOBAL log_output = 'TABLE'");
  await query('SET GLOBAL general_log = 1');

  const prefix = `log${randomBytes(4).toString('hex')}`;
  const { code, output } = await runStoreTests(prefix);
  t.is(code, 0, output);

  const rows = await query(
    `SELECT command_type, LEFT(CONVERT(argument USING utf8mb4), 100) FROM mysql.general_log
     WHERE user_host LIKE '${prefix}%' AND command_type NOT IN ('Connect', 'Init DB', 'Quit')`,
  );
  const statements = rows.map(([command, argument]) => `${command}: ${argument}`);
  const calls = statements.filter((statement) =>
    /^Query: CALL sess_\w+\([X'\da-fNUL, )]*$/.test(statement),
  );
  const others = statements.filter(
    (statement) =>
      !calls.includes(statement) &&
      !applicationStatements.some((known) =>
        typeof known === 'string'
          ? statement === `Query: ${known}`
          : known.test(statement.replace('Query: ', '')),
      ),
  );
  t.deepEqual(others, []);
  t.true(calls.length > 300);
});
