import test from 'ava';
import { routineNames } from '../../../src/contract';
import {
  addAttribute,
  grant,
  install,
  type Naming,
  planFresh,
  verify,
  verifyFresh,
} from '../../../src/install';
import { clients, hasClient, runInClient } from '../../support/client';
import { createDatabase, openDatabase } from '../../support/database';
import { sample } from '../../support/scale';
import { readCatalog } from '../catalog';
import { createInstallation, type TestInstallation } from '../installation';

// Together they would use up the server's connections.
const inClient = hasClient ? test.serial : test.serial.skip;

/** Runs a script in the client. Returns the findings: area, subject and what was found. */
async function findingsOf(
  url: string,
  script: string,
  client = clients[0],
  ...flags: readonly string[]
): Promise<string[]> {
  const output = await runInClient(url, script, {
    ...(client ? { client } : {}),
    flags: ['--batch', '--skip-column-names', ...flags],
  });
  const rows = output.split('\n').filter((line) => line !== '');
  return rows.map((row) => {
    const [area, subject, , found, remedy] = row.split('\t');
    return remedy ? `${area}: ${subject}: ${found}` : `no remedy: ${row}`;
  });
}

interface Breakage {
  readonly title: string;
  readonly breakIt: (installation: TestInstallation) => Promise<unknown>;
  readonly expected: (names: Record<'name' | 'app' | 'definer', string>) => string;
}

const breakages: readonly Breakage[] = [
  {
    title: 'a missing log',
    breakIt: ({ query }) => query('DROP TABLE sessions_migrations'),
    expected: () => 'log: table sessions_migrations: missing, or hidden from this account',
  },
  {
    title: 'a step that the log does not have',
    breakIt: ({ query }) => query("DELETE FROM sessions_migrations WHERE name = 'sess_get'"),
    expected: () => 'log: routines/sess_get: not in the log',
  },
  {
    title: 'an attribute that the script does not know',
    breakIt: ({ url }) =>
      addAttribute({ connection: url }, { name: 'tenant', path: '$.tenant', type: 'INT' }),
    expected: () => 'log: installations/sessions: other choices',
  },
  {
    title: 'a newer package version',
    breakIt: ({ query }) =>
      query("UPDATE sessions_migrations SET package_version = '99.0.0' WHERE name = 'sess_get'"),
    expected: () => 'log: package version: 99.0.0',
  },
  {
    title: 'a missing table',
    breakIt: ({ query }) => query('DROP TABLE sessions'),
    expected: () => 'table: table sessions: missing, or hidden from this account',
  },
  {
    title: 'a table without its marker',
    breakIt: ({ query }) => query("ALTER TABLE sessions COMMENT = ''"),
    expected: () => 'table: table sessions: not of this installation: its comment has no marker',
  },
  {
    title: 'an index that the server ignores',
    breakIt: ({ query }) =>
      query(
        'ALTER TABLE sessions ALTER INDEX sessions_expired_idx /*M! IGNORED */ /*!80000 INVISIBLE */',
      ),
    expected: () => 'table: index sessions_expired_idx: ignored, on expired',
  },
  {
    title: 'another engine',
    breakIt: ({ query }) => query('ALTER TABLE sessions ENGINE = MyISAM'),
    expected: () => 'table: table sessions: MyISAM',
  },
  {
    title: 'another type of a column',
    breakIt: ({ query }) => query('ALTER TABLE sessions MODIFY expired DATETIME NOT NULL'),
    expected: () => 'table: column expired: datetime NOT NULL',
  },
  {
    title: 'a missing column',
    breakIt: ({ query }) => query('ALTER TABLE sessions DROP COLUMN updated_at'),
    expected: () => 'table: column updated_at: missing',
  },
  {
    title: 'a column of others that must have a value',
    breakIt: ({ query }) => query('ALTER TABLE sessions ADD COLUMN agent DATE NOT NULL'),
    expected: () => 'table: column agent: date NOT NULL',
  },
  {
    title: 'a missing index',
    breakIt: ({ query }) => query('DROP INDEX sessions_expired_idx ON sessions'),
    expected: () => 'table: index sessions_expired_idx: missing',
  },
  {
    title: 'an index on another column',
    breakIt: ({ query }) =>
      query(
        'ALTER TABLE sessions DROP INDEX sessions_expired_idx, ' +
          'ADD INDEX sessions_expired_idx (updated_at)',
      ),
    expected: () => 'table: index sessions_expired_idx: on updated_at',
  },
  {
    title: 'a missing routine',
    breakIt: ({ query }) => query('DROP PROCEDURE sess_get'),
    expected: () => 'routines: routine sess_get: missing, or hidden from this account',
  },
  {
    title: 'a routine that runs as its caller',
    breakIt: ({ query }) => query('ALTER PROCEDURE sess_set SQL SECURITY INVOKER'),
    expected: () => 'routines: routine sess_set: SQL SECURITY INVOKER',
  },
  {
    title: 'another body',
    breakIt: ({ name, url }) =>
      runInClient(url, planFresh({ database: name }).replace('COUNT(IF(', '1 + COUNT(IF(')),
    expected: () => 'routines: routine sess_length: different body',
  },
  {
    title: 'a definer that is not locked',
    breakIt: ({ name, query }) => query(`ALTER USER \`${name}.sess_\`@localhost ACCOUNT UNLOCK`),
    expected: ({ definer }) => `definer: account ${definer}: not locked`,
  },
  {
    title: 'a definer without a privilege',
    breakIt: ({ name, query }) =>
      query(`REVOKE DELETE ON sessions FROM \`${name}.sess_\`@localhost`),
    expected: ({ definer }) => `definer: account ${definer}: no DELETE on the table`,
  },
  {
    title: 'a definer with too many privileges',
    breakIt: ({ name, query }) => query(`GRANT DROP ON sessions TO \`${name}.sess_\`@localhost`),
    expected: ({ name, definer }) =>
      `definer: account ${definer}: DROP ON \`${name}\`.\`sessions\``,
  },
  {
    title: 'a role without a routine',
    breakIt: ({ query, account }) =>
      query(`REVOKE EXECUTE ON PROCEDURE sess_get FROM ${account.name}`),
    expected: ({ app }) => `grants: account ${app}: no EXECUTE on sess_get`,
  },
  {
    title: 'a missing account',
    breakIt: ({ query, account }) => query(`DROP USER ${account.name}`),
    expected: ({ app }) => `grants: account ${app}: missing`,
  },
  {
    title: 'a routine beyond a role',
    breakIt: ({ query, account }) =>
      query(`GRANT EXECUTE ON PROCEDURE sess_all TO ${account.name}`),
    expected: ({ app }) => `grants: account ${app}: EXECUTE on sess_all`,
  },
  {
    title: 'a right on the table',
    breakIt: ({ query, account }) => query(`GRANT SELECT ON sessions TO ${account.name}`),
    expected: ({ app }) => `grants: account ${app}: Select ON sessions`,
  },
  {
    title: 'a right on the database',
    breakIt: ({ name, query, account }) => query(`GRANT EXECUTE ON ${name}.* TO ${account.name}`),
    expected: ({ name, app }) => `grants: account ${app}: EXECUTE ON \`${name}\`.*`,
  },
  {
    title: 'an event that the script does not know',
    breakIt: async ({ query }) =>
      query(
        "CREATE EVENT sess_gc ON SCHEDULE EVERY 1 DAY DISABLE COMMENT 'knex-mysql-session:sessions' DO DO 0",
      ),
    expected: () => 'event: event sess_gc: DISABLED',
  },
];

for (const { title, breakIt, expected } of sample(breakages, 9)) {
  inClient(`The script finds ${title}, and nothing else.`, async (t) => {
    const installation = await createInstallation(t, ['application']);
    const { name, url, account } = installation;
    const script = await verify({ connection: url });
    await breakIt(installation);
    const definer = `'${name}.sess_'@'localhost'`;
    t.deepEqual(await findingsOf(url, script), [expected({ name, app: account.name, definer })]);
  });
}

const schedulerOff = /^event: event \w+: the event scheduler is OFF$/;

for (const [title, naming] of [
  ['default names', {}],
  ['other names', { table: 'Logins', prefix: 'Lg_', sidColumn: 'login' }],
] as const satisfies ReadonlyArray<readonly [string, Naming]>) {
  inClient(`The script finds nothing in a whole installation with ${title}.`, async (t) => {
    const { url, createAccount } = await createDatabase(t);
    const options = { connection: url, ...naming };
    await install({ ...options, event: { every: 300 } });
    for (const [attribute, path, type] of [
      ['user_id', '$.user."the id"', 'VARCHAR(64)'],
      ['tenant', '$.tenant', 'BIGINT UNSIGNED'],
    ] as const) {
      await addAttribute(options, { name: attribute, path, type });
    }
    const { name: app } = await createAccount();
    for (const role of ['application', 'find_user_id', 'destroy_tenant'] as const) {
      await grant(options, app, role);
    }
    const script = await verify({ connection: url });
    for (const client of clients) {
      const findings = await findingsOf(url, script, client);
      // By default, the scheduler of MariaDB is off.
      t.deepEqual(
        findings.filter((finding) => !schedulerOff.test(finding)),
        [],
      );
    }
  });
}

inClient('The script of a new installation finds nothing after its plan ran.', async (t) => {
  const { name, url } = await createDatabase(t);
  await runInClient(url, planFresh({ database: name, table: 'logins', prefix: 'lg_' }));
  const script = verifyFresh({ database: name, table: 'logins', prefix: 'lg_' });
  t.deepEqual(await findingsOf(url, script), []);
});

inClient(
  'The script knows that the routines run as the account that installed them.',
  async (t) => {
    const { url } = await createDatabase(t);
    await install({ connection: url, definer: 'current' });
    t.deepEqual(await findingsOf(url, await verify({ connection: url })), []);
  },
);

inClient('The script changes nothing, whatever the sql_mode of the client is.', async (t) => {
  const installation = await createInstallation(t, ['application']);
  const { url, query } = installation;
  await query('DROP PROCEDURE sess_get');
  const before = await readCatalog(installation);
  const script = await verify({ connection: url });
  const expected = ['routines: routine sess_get: missing, or hidden from this account'];
  // Only MariaDB has the mode ORACLE.
  for (const mode of ["'ANSI'", "'NO_BACKSLASH_ESCAPES'", "/*!80000 '' *//*M! 'ORACLE' */"]) {
    const init = `--init-command=SET SESSION sql_mode = ${mode}`;
    t.deepEqual(await findingsOf(url, script, clients[0], init), expected);
  }
  t.deepEqual(await readCatalog(installation), before);
});

inClient('A column head precedes each list of findings, for a reader.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query('DROP PROCEDURE sess_get');
  const [head] = (await runInClient(url, await verify({ connection: url }))).split('\n');
  t.is(head, 'area\tsubject\texpected\tfound\tremedy');
});

inClient('What an account may not see is a finding or an error, and never silence.', async (t) => {
  const { name, url, query, createAccount } = await createInstallation(t);
  const script = await verify({ connection: url });
  const other = await createAccount();
  await query(`GRANT SELECT, EVENT ON ${name}.* TO ${other.name}`);
  await t.throwsAsync(findingsOf(other.url, script), { message: /denied/ });
  await query(`GRANT SELECT ON mysql.* TO ${other.name}`);
  for (const finding of await findingsOf(other.url, script)) {
    t.regex(finding, /^routines: .* hidden from this account$/);
  }
  // MariaDB shows the routines to an account that can read `mysql`.
  await query(`/*!80020 GRANT SHOW_ROUTINE ON *.* TO ${other.name} */`);
  t.deepEqual(await findingsOf(other.url, script), []);
  await query(`REVOKE EVENT ON ${name}.* FROM ${other.name}`);
  await t.throwsAsync(findingsOf(other.url, script), { message: /denied/ });
});

inClient('Where nothing is installed, the script says so.', async (t) => {
  const { name, url } = await createDatabase(t);
  const findings = await findingsOf(url, verifyFresh({ database: name }));
  t.true(findings.includes('log: table sessions_migrations: missing, or hidden from this account'));
  t.true(findings.includes('table: table sessions: missing, or hidden from this account'));
  t.true(findings.includes(`definer: account '${name}.sess_'@'localhost': missing`));
  t.is(findings.filter((finding) => finding.startsWith('routines: ')).length, routineNames.length);
});

test('To print the script changes nothing.', async (t) => {
  const installation = await createDatabase(t);
  await verify({ connection: installation.url });
  const [row] = await openDatabase(t, installation.url).query('SHOW TABLES');
  t.is(row, undefined);
});
