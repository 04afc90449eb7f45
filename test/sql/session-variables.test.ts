import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { type Connection, createConnection } from 'mysql2/promise';
import { addAttribute, grant } from '../../src/install';
import { createInstallation } from '../install/installation';
import { isFullRun } from '../support/scale';
import { SharedScope } from '../support/scope';
import { assignmentsOf, type Outcome, runScenario } from './session-variables';

/**
 * Variables with which the server refuses calls, and the numbers of the errors. SECURITY.md
 * lists them. With all others, the routines do the same as without.
 */
const refusals: Readonly<Record<string, readonly number[]>> = {
  autocommit: [1644],
  // The store then reads and touches one session at a time.
  max_join_size: [1104],
  sql_big_selects: [1104],
  sql_safe_updates: [1175],
  max_session_mem_used: [1290],
  require_row_format: [3944],
  sort_buffer_size: [1038],
  transaction_read_only: [1792],
  tx_read_only: [1792],
  use_secondary_engine: [3889],
};

/** Variables that once changed what a routine does, or that a routine sets. */
const sampled = [
  'autocommit',
  'character_set_connection',
  'check_constraint_checks',
  'completion_type',
  'group_concat_max_len',
  'sql_buffer_result',
  'sql_mode',
  'sql_safe_updates',
  'sql_select_limit',
  'time_zone',
  'timestamp',
  'transaction_isolation',
  'tx_isolation',
];

const scope = new SharedScope();
let url: string;
let clean: Outcome[];
let variables: string[];

test.before(async () => {
  const installation = await createInstallation(scope, ['application', 'cleaner', 'operator']);
  const options = { connection: installation.url };
  await addAttribute(options, { name: 'user', path: '$.user', type: 'VARCHAR(64)' });
  await grant(options, installation.account.name, 'operator');
  url = installation.account.url;
  variables = (await installation.ask('SHOW SESSION VARIABLES')).map(([name]) => String(name));
  clean = await withConnection(runScenario);
});
test.after.always(() => scope.end());

async function withConnection<Result>(
  task: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = await createConnection({ uri: url, supportBigNumbers: true });
  // The server may close it.
  connection.on('error', () => undefined);
  try {
    return await task(connection);
  } finally {
    connection.destroy();
  }
}

/** Returns the first step whose outcome is not that of a clean session. */
function firstDifference(outcomes: readonly Outcome[]): string | undefined {
  const index = outcomes.findIndex(([, outcome], step) => outcome !== clean[step]?.[1]);
  const [step, outcome] = outcomes[index] ?? [];
  return step === undefined ? undefined : `${step}: ${outcome}, not ${clean[index]?.[1]}`;
}

test.serial('In a clean session, only wrong arguments are refused.', (t) => {
  const refused = clean.filter(([, outcome]) => outcome.startsWith('error'));
  t.deepEqual(
    refused.map(([step]) => step),
    ['refuse text that is no JSON', 'refuse an id', 'refuse a lifetime'],
  );
  t.true(clean.length > 25);
});

test.serial('SECURITY.md lists each variable with its error.', async (t) => {
  const rows = (await readFile(join(__dirname, '../../SECURITY.md'), 'utf8')).split('\n');
  for (const [name, numbers] of Object.entries(refusals)) {
    const row = rows.find((line) => line.startsWith('|') && line.includes(`\`${name}\``));
    t.true(
      numbers.every((number) => row?.includes(String(number))),
      name,
    );
  }
});

test.serial('No session variable changes what a routine does, but by an error.', async (t) => {
  t.timeout(600_000);
  const differences: string[] = [];
  const refused = new Set<string>();
  const names = isFullRun ? variables : variables.filter((name) => sampled.includes(name));
  let tried = 0;
  for (const name of names) {
    for (const assignment of assignmentsOf(name)) {
      const outcomes = await withConnection(async (connection) => {
        const isSet = await connection.query(assignment).then(
          () => true,
          () => false,
        );
        return isSet ? runScenario(connection) : undefined;
      });
      if (outcomes === undefined) continue;
      tried++;
      const difference = firstDifference(outcomes);
      const numbers = refusals[name] ?? [];
      const isRefusal = numbers.some((number) => difference?.includes(`: error ${number}, not`));
      if (isRefusal) refused.add(name);
      else if (difference !== undefined) differences.push(`${assignment}: ${difference}`);
      await withConnection((connection) => connection.query('CALL sess_clear(1000)'));
    }
  }
  t.log(`${tried} values of ${names.length} variables`);
  t.true(tried > 20);
  t.deepEqual(differences, []);
  t.true(refused.has('autocommit'));
});

for (const statement of [
  `CALL sess_set('a', '{not json', 60000)`,
  `CALL sess_update('a', '{not json', NULL)`,
]) {
  test(`Without check_constraint_checks, text that is no JSON is refused: ${statement}`, async (t) => {
    // Without an attribute, only the constraint of MariaDB checks the text.
    const { ask, query, account } = await createInstallation(t);
    await ask("CALL sess_set('a', '{}', 60000)");
    const connection = await createConnection(account.url);
    t.teardown(() => connection.end());
    // MySQL has no such variable, and always checks.
    await connection.query('SET SESSION check_constraint_checks = 0').catch(() => undefined);
    await t.throwsAsync(connection.query(statement), { any: true });
    const [row] = await query('SELECT CONVERT(sess USING utf8mb4) FROM sessions');
    t.deepEqual(row, ['{}']);
  });
}
