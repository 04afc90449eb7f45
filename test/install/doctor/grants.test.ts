import test from 'ava';
import { doctor, install } from '../../../src/install';
import { createDatabase } from '../../support/database';
import { createInstallation } from '../installation';
import { assertFoundAndFixed, formatFindings, testRemedy } from './remedies';

testRemedy(
  'A missing grant of a role',
  ({ query, account }) => query(`REVOKE EXECUTE ON PROCEDURE sess_get FROM ${account.name}`),
  ({ app }) => [`grants: account ${app}: not granted`],
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
  'An account that may read every database',
  ({ query, account }) => query(`GRANT SELECT ON *.* TO ${account.name}`),
  ({ app }) => [`grants: account ${app}: SELECT ON *.*`],
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
  ({ query, account }) => query(`DROP USER ${account.name}`),
  ({ app }) => [`grants: account ${app}: missing`],
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
