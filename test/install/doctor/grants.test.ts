import test from 'ava';
import { doctor, install } from '../../../src/install';
import { createDatabase } from '../../database';
import { createInstallation } from '../installation';
import { breaking, findingsOf, foundAndMended } from './remedies';

breaking(
  'An account that lost a right of its role',
  ({ query, account }) => query(`REVOKE EXECUTE ON PROCEDURE sess_get FROM ${account.name}`),
  ({ app }) => [`grants: account ${app}: nothing`],
);

breaking(
  'An account that may read the table besides its role',
  ({ query, account }) => query(`GRANT SELECT ON sessions TO ${account.name}`),
  ({ app, database }) => [`grants: account ${app}: SELECT ON \`${database}\`.\`sessions\``],
);

breaking(
  'An account that may read columns of the table besides its role',
  ({ query, account }) => query(`GRANT SELECT (sid) ON sessions TO ${account.name}`),
  ({ app, database }) => [`grants: account ${app}: SELECT (\`sid\`) ON \`${database}\`.\`sessions\``],
);

breaking(
  'An account that may call a routine of another role',
  ({ query, account }) => query(`GRANT EXECUTE ON PROCEDURE sess_all TO ${account.name}`),
  ({ app, database }) => [`grants: account ${app}: EXECUTE ON PROCEDURE \`${database}\`.\`sess_all\``],
);

breaking(
  'An account that may read the whole database',
  ({ name, query, account }) => query(`GRANT SELECT ON ${name}.* TO ${account.name}`),
  ({ app, database }) => [`grants: account ${app}: SELECT ON \`${database}\`.*`],
);

breaking(
  'An account that may read every database',
  ({ query, account }) => query(`GRANT SELECT ON *.* TO ${account.name}`),
  ({ app }) => [`grants: account ${app}: SELECT ON *.*`],
);

breaking(
  'An account that may read the accounts of the server',
  ({ query, account }) => query(`GRANT SELECT ON mysql.* TO ${account.name}`),
  ({ app }) => [`grants: account ${app}: SELECT ON \`mysql\`.*`],
);

breaking(
  'An account that may give its rights away',
  ({ query, account }) => query(`GRANT EXECUTE ON PROCEDURE sess_get TO ${account.name} WITH GRANT OPTION`),
  ({ app, database }) => [`grants: account ${app}: GRANT OPTION ON PROCEDURE \`${database}\`.\`sess_get\``],
);

breaking(
  'An account that was given a role and is gone',
  ({ query, account }) => query(`DROP USER ${account.name}`),
  ({ app }) => [`grants: account ${app}: nothing`],
);

for (const [title, grantee, object] of [
  ['An account that was granted a routine by hand', 'EXECUTE', 'PROCEDURE sess_get'],
  ['An account that was granted the table by hand', 'SELECT', 'sessions'],
  ['An account that was granted the log by hand', 'UPDATE', 'sessions_migrations'],
] as const) {
  test.serial(`${title} is found, and the remedy takes it back.`, async (t) => {
    const installation = await createInstallation(t, []);
    await installation.query(`GRANT ${grantee} ON ${object} TO ${installation.account.name}`);
    const found = findingsOf(await doctor({ connection: installation.url }));
    t.is(found.length, 1);
    t.true(found[0]?.startsWith(`grants: account ${installation.account.name}: `));
    await foundAndMended(t, installation, found);
  });
}

test.serial('An application without the right to clean up is noted, for another may do it.', async (t) => {
  const { url, query, account } = await createInstallation(t, ['application']);
  await query(`REVOKE EXECUTE ON PROCEDURE sess_gc FROM ${account.name}`);
  const { checks, findings } = await doctor({ connection: url });
  t.is(findings, 0);
  t.like(
    checks.find(({ state }) => state === 'note'),
    { area: 'grants', found: 'not granted: something else has to clean up' },
  );
});

test.serial('What an account may do elsewhere is its own affair.', async (t) => {
  const { name, url, query, account } = await createInstallation(t, ['application']);
  await query('CREATE TABLE orders (id INT)');
  await query(`GRANT SELECT, INSERT ON orders TO ${account.name}`);
  await query(`GRANT ALL ON \`${name}x\`.* TO ${account.name}`);
  t.deepEqual(findingsOf(await doctor({ connection: url })), []);
});

test.serial('Two installations in one database are told apart.', async (t) => {
  const { url, query, createAccount } = await createDatabase(t);
  const other = { connection: url, table: 'admin_sessions', prefix: 'sess_admin_' };
  await install({ connection: url });
  await install(other);
  const account = await createAccount();
  await query(`GRANT EXECUTE ON PROCEDURE sess_admin_get TO ${account.name}`);
  t.deepEqual(findingsOf(await doctor({ connection: url })), []);
  t.is((await doctor(other)).findings, 1);
});
