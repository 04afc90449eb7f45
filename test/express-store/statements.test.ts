import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import test from 'ava';
import { createDatabase } from '../database';

const root = join(__dirname, '..', '..');
const self = 'test/express-store/statements.test.ts';

// Sent by the tests themselves, or by knex, over pools that stand for an application's own.
const notTheStores = [
  'select version() as version',
  'SELECT 1',
  'SET autocommit = 0',
  /^SET time_zone = '[+-]\d\d:\d\d'$/,
];

/** Runs all other tests of the store, in databases and by accounts whose names start with the prefix. */
async function runStoreTests(prefix: string): Promise<{ code: number; output: string }> {
  const ava = join(root, 'node_modules', 'ava', 'entrypoints', 'cli.mjs');
  // One file at a time, as others of the whole suite run beside it.
  const child = spawn(
    process.execPath,
    [ava, '--concurrency=1', 'test/express-store/*.test.ts', `!${self}`],
    {
      cwd: root,
      env: { ...process.env, TEST_DATABASE_PREFIX: prefix },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { code, output };
}

test('In a whole run of its tests, the store sends nothing but calls of routines.', async (t) => {
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
  const calls = statements.filter((statement) => /^Query: CALL sess_\w+\([X'\da-fNUL, )]*$/.test(statement));
  const others = statements.filter(
    (statement) =>
      !calls.includes(statement) &&
      !notTheStores.some((known) =>
        typeof known === 'string'
          ? statement === `Query: ${known}`
          : known.test(statement.replace('Query: ', '')),
      ),
  );
  t.deepEqual(others, []);
  t.true(calls.length > 300);
});
