import { nextSecond, type TestInstallation } from '../installation';
import { type FindingNames, testRemedy } from './remedies';

/** Recreates a routine with changed SQL, in the session of the test. */
async function recreate(
  installation: TestInstallation,
  name: string,
  change: (create: string) => string,
): Promise<void> {
  const { query } = installation;
  const [row] = await query(`SHOW CREATE PROCEDURE ${name}`);
  await nextSecond(installation);
  await query(`DROP PROCEDURE ${name}`);
  await query(change(String(row?.[2])));
}

testRemedy(
  'A missing routine',
  ({ query }) => query('DROP PROCEDURE sess_length'),
  () => ['routines: routine sess_length: missing'],
);

testRemedy(
  'A routine that runs with the privileges of its caller',
  ({ query }) => query('ALTER PROCEDURE sess_get SQL SECURITY INVOKER'),
  () => ['routines: routine sess_get: SQL SECURITY INVOKER'],
  { stops: true },
);

testRemedy(
  'A routine with a different comment',
  ({ query }) =>
    query("ALTER PROCEDURE sess_get COMMENT 'Reads a session.\nknex-mysql-session:sessions'"),
  () => ['routines: routine sess_get: different comment'],
);

/** What is found of a routine that a DBA created again: it has no grants, and other settings. */
const recreatedFindings =
  (found: string) =>
  ({ app, database, definer }: FindingNames): string[] => [
    ...(found.startsWith('definer ') ? [] : ['log: routines/sess_destroy: not in the log']),
    `routines: routine sess_destroy: ${found}`,
    `definer: account ${definer}: no EXECUTE ON PROCEDURE \`${database}\`.\`sess_destroy\``,
    `grants: account ${app}: lost`,
  ];

const settings = 'sql_mode, collation_connection';

for (const [fault, change, found] of [
  ['created again', (create) => create, settings],
  [
    'with a different body',
    (create) => create.replace('DELETE FROM', 'DELETE IGNORE FROM'),
    `different body, ${settings}`,
  ],
  [
    'with a different parameter',
    (create) => create.replace(/varbinary\(256\)/i, 'VARBINARY(255)'),
    `different parameters, ${settings}`,
  ],
  ['with a different definer', (create) => create.replace(/DEFINER=\S+/, ''), "definer 'dba'@'%'"],
] as ReadonlyArray<[string, (create: string) => string, string]>) {
  testRemedy(
    `A routine ${fault}`,
    (installation) => recreate(installation, 'sess_destroy', change),
    recreatedFindings(found),
    { stops: true },
  );
}

testRemedy(
  'A routine that others may not see as ours',
  ({ query }) => query("ALTER PROCEDURE sess_get COMMENT 'mine'"),
  () => ["routines: routine sess_get: not this installation's"],
);
