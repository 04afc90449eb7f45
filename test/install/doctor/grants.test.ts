import test, { type ExecutionContext } from 'ava';
import { doctor, grant, install } from '../../../src/install';
import { createDatabase } from '../../support/database';
import { createInstallation, nextSecond, type TestInstallation } from '../installation';
import { applyRemedies, assertFoundAndFixed, formatFindings, testRemedy } from './remedies';

/** An installation whose role the installer granted: it recorded the credential of the account. */
async function createGranted(t: ExecutionContext): Promise<TestInstallation> {
  const installation = await createInstallation(t, []);
  await grant({ connection: installation.url }, installation.account.name, 'application');
  return installation;
}

testRemedy(
  'A missing grant of a role',
  ({ query, account }) => query(`REVOKE EXECUTE ON PROCEDURE sess_get FROM ${account.name}`),
  ({ app }) => [`grants: account ${app}: not granted`],
  { stops: true, ends: ['alternative'] },
);

testRemedy(
  'An account that may also read the table',
  ({ query, account }) => query(`GRANT SELECT ON sessions TO ${account.name}`),
  ({ app, database }) => [`grants: account ${app}: SELECT ON \`${database}\`.\`sessions\``],
);

testRemedy(
  'An account that may also read a column of the table',
  ({ query, account }) => query(`GRANT SELECT (sid) ON sessions TO ${account.name}`),
  ({ app, database }) => [
    `grants: account ${app}: SELECT (\`sid\`) ON \`${database}\`.\`sessions\``,
  ],
);

testRemedy(
  'An account that may call a routine of another role',
  ({ query, account }) => query(`GRANT EXECUTE ON PROCEDURE sess_all TO ${account.name}`),
  ({ app, database }) => [
    `grants: account ${app}: EXECUTE ON PROCEDURE \`${database}\`.\`sess_all\``,
  ],
);

testRemedy(
  'An account that may read the whole database',
  ({ name, query, account }) => query(`GRANT SELECT ON ${name}.* TO ${account.name}`),
  ({ app, database }) => [`grants: account ${app}: SELECT ON \`${database}\`.*`],
);

testRemedy(
  'An account that may read the accounts of the server',
  ({ query, account }) => query(`GRANT SELECT ON mysql.* TO ${account.name}`),
  ({ app }) => [`grants: account ${app}: SELECT ON \`mysql\`.*`],
);

testRemedy(
  'An account that may grant its privileges to others',
  ({ query, account }) =>
    query(`GRANT EXECUTE ON PROCEDURE sess_get TO ${account.name} WITH GRANT OPTION`),
  ({ app, database }) => [
    `grants: account ${app}: GRANT OPTION ON PROCEDURE \`${database}\`.\`sess_get\``,
  ],
);

testRemedy(
  'A missing account with a role',
  async (installation) => {
    // The server knows the age of a credential to the second.
    await nextSecond(installation);
    await installation.query(`DROP USER ${installation.account.name}`);
  },
  ({ app }) => [`grants: account ${app}: missing`],
  // The account that the alternative creates has another password.
  { stops: true, ends: ['remedy', 'alternative'], create: createGranted },
);

testRemedy(
  'A locked account with a role',
  ({ query, account }) => query(`ALTER USER ${account.name} ACCOUNT LOCK`),
  ({ app }) => [`grants: account ${app}: locked`],
  { stops: true },
);

testRemedy(
  'An account with a role whose password expired',
  ({ query, account }) => query(`ALTER USER ${account.name} PASSWORD EXPIRE`),
  ({ app }) => [`grants: account ${app}: with an expired password`],
  { stops: true, ends: ['remedy'] },
);

const stranger = ({ name }: TestInstallation) => `'${name}.other'@'%'`;

/** Breaks something for an account without a role, which exists for a test. */
const forStranger =
  (statement: (installation: TestInstallation) => string) =>
  async (installation: TestInstallation) => {
    await installation.query(
      `CREATE USER IF NOT EXISTS ${stranger(installation)} IDENTIFIED BY 'aA1!for-the-test'`,
    );
    await installation.query(`${statement(installation)} TO ${stranger(installation)}`);
  };

for (const privilege of [
  'SELECT',
  'EXECUTE',
  'UPDATE, DELETE',
  'ALTER ROUTINE',
  'TRIGGER',
  'DROP',
]) {
  testRemedy(
    `An account without a role that has ${privilege} on the database`,
    forStranger(({ name }) => `GRANT ${privilege} ON ${name}.*`),
    ({ database }) => [
      `grants: account '${database}.other'@'%': ${privilege} ON \`${database}\`.*`,
    ],
  );
}

testRemedy(
  'An account without a role that has a right on databases by a pattern',
  forStranger(({ name }) => `GRANT SELECT ON \`${name.slice(0, -1)}_\`.*`),
  ({ database }) => [
    `grants: account '${database}.other'@'%': SELECT ON \`${database.slice(0, -1)}_\`.*`,
  ],
);

testRemedy(
  'An account without a role that may change the log',
  forStranger(() => 'GRANT UPDATE ON sessions_migrations'),
  ({ database }) => [
    `grants: account '${database}.other'@'%': Update ON \`${database}\`.\`sessions_migrations\``,
  ],
);

testRemedy(
  'An account with all rights of a role, but no role',
  async (installation) => {
    await forStranger(() => 'GRANT EXECUTE ON PROCEDURE sess_gc')(installation);
  },
  ({ database }) => [`grants: account '${database}.other'@'%': EXECUTE ON sess_gc`],
);

testRemedy(
  'A view that shows the sessions',
  ({ query }) => query('CREATE OR REPLACE VIEW logins AS SELECT sid, sess FROM sessions'),
  () => ['grants: view `logins`: shows sessions with the rights of dba@%'],
);

testRemedy(
  'A procedure of others that shows the sessions',
  ({ query }) => query('CREATE PROCEDURE report() SELECT COUNT(*) FROM sessions'),
  () => ['grants: procedure `report`: uses sessions with the rights of dba@%'],
);

testRemedy(
  'A function of others that shows the sessions',
  ({ query }) =>
    query(
      'CREATE FUNCTION how_many() RETURNS INT READS SQL DATA RETURN (SELECT COUNT(*) FROM `sessions`)',
    ),
  () => ['grants: function `how_many`: uses sessions with the rights of dba@%'],
);

testRemedy(
  'A procedure of others that calls a routine',
  ({ query }) => query('CREATE PROCEDURE everybody() CALL sess_all(NULL, 10)'),
  () => ['grants: procedure `everybody`: uses sessions with the rights of dba@%'],
);

test.serial(
  'Rights on other databases, tables and routines stay with their account.',
  async (t) => {
    const installation = await createInstallation(t, []);
    const { name, url, query } = installation;
    await query('CREATE TABLE orders (id INT)');
    await query('CREATE PROCEDURE report() SELECT 1');
    await forStranger(() => `GRANT SELECT, EXECUTE ON ${name}.*`)(installation);
    await applyRemedies(installation, await doctor({ connection: url }));
    const rights = (await query(`SHOW GRANTS FOR ${stranger(installation)}`)).join('\n');
    t.regex(rights, /GRANT SELECT ON `\w+`\.`orders` TO /);
    t.regex(rights, /GRANT EXECUTE ON PROCEDURE `\w+`\.`report` TO /);
    t.notRegex(rights, /sess/);
  },
);

for (const [privilege, object] of [
  ['EXECUTE', 'PROCEDURE sess_get'],
  ['SELECT', 'sessions'],
  ['UPDATE', 'sessions_migrations'],
] as const) {
  test.serial(
    `${privilege} ON ${object} without a role is found, and the remedy revokes it.`,
    async (t) => {
      const installation = await createInstallation(t, []);
      await installation.query(`GRANT ${privilege} ON ${object} TO ${installation.account.name}`);
      const found = formatFindings(await doctor({ connection: installation.url }));
      t.is(found.length, 1);
      t.true(found[0]?.startsWith(`grants: account ${installation.account.name}: `));
      await assertFoundAndFixed(t, installation, found);
    },
  );
}

test.serial(
  'An application without the grant to clean up is a note, because it is optional.',
  async (t) => {
    const { url, query, account } = await createInstallation(t, ['application']);
    await query(`REVOKE EXECUTE ON PROCEDURE sess_gc FROM ${account.name}`);
    const { checks, findings } = await doctor({ connection: url });
    t.is(findings, 0);
    t.like(
      checks.find(({ state }) => state === 'note'),
      { area: 'grants', found: 'not granted: a cleaner account or the event must clean up' },
    );
  },
);

test.serial('Privileges on other tables and databases do not count.', async (t) => {
  const { name, url, query, account } = await createInstallation(t, ['application']);
  await query('CREATE TABLE orders (id INT)');
  await query(`GRANT SELECT, INSERT ON orders TO ${account.name}`);
  await query(`GRANT ALL ON \`${name}x\`.* TO ${account.name}`);
  t.deepEqual(formatFindings(await doctor({ connection: url })), []);
});

test.serial(
  'A grant on one installation is no finding of another in the same database.',
  async (t) => {
    const { url, query, createAccount } = await createDatabase(t);
    const other = { connection: url, table: 'admin_sessions', prefix: 'sess_admin_' };
    await install({ connection: url });
    await install(other);
    const account = await createAccount();
    await query(`GRANT EXECUTE ON PROCEDURE sess_admin_get TO ${account.name}`);
    const first = await doctor({ connection: url, table: 'sessions' });
    t.deepEqual(formatFindings(first), []);
    t.is((await doctor(other)).findings, 1);
  },
);
