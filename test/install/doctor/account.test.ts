import test from 'ava';
import { ArgumentError } from '../../../src/errors';
import { doctor, type Role } from '../../../src/install';
import { createInstallation } from '../installation';
import { applyRemedies, formatFindings } from './remedies';

const roles: Role[] = ['application', 'cleaner', 'operator'];

for (const role of roles) {
  test.serial(`An account with exactly the role ${role} has no findings.`, async (t) => {
    const { account } = await createInstallation(t, [role]);
    const { checks, as } = await doctor({ connection: account.url, as: role });
    t.deepEqual(as, [role]);
    t.deepEqual(
      checks.filter(({ state }) => state !== 'ok'),
      [],
    );
  });
}

test.serial('An account with two roles has no findings if it is checked for both.', async (t) => {
  const { account } = await createInstallation(t, ['application', 'operator']);
  const diagnosis = await doctor({ connection: account.url, as: ['application', 'operator'] });
  t.deepEqual(formatFindings(diagnosis), []);
});

test.serial('A missing grant is found, and a DBA fixes it with the remedy.', async (t) => {
  const installation = await createInstallation(t, ['application']);
  const { query, account } = installation;
  await query(`REVOKE EXECUTE ON PROCEDURE sess_get FROM ${account.name}`);
  const diagnosis = await doctor({ connection: account.url, as: 'application' });
  t.true(formatFindings(diagnosis).includes(`account: account ${account.name}: not granted`));
  await applyRemedies(installation, diagnosis);
  t.deepEqual(formatFindings(await doctor({ connection: account.url, as: 'application' })), []);
});

test.serial('A missing role is found, with each of its routines by name.', async (t) => {
  const { name, account } = await createInstallation(t, ['cleaner']);
  const { checks } = await doctor({ connection: account.url, as: ['cleaner', 'operator'] });
  const missing = checks
    .filter(({ found }) => found === 'not granted')
    .map(({ expected }) => expected);
  for (const routine of ['all', 'clear', 'ids', 'length']) {
    t.true(missing.includes(`EXECUTE ON PROCEDURE \`${name}\`.\`sess_${routine}\``), routine);
  }
});

const excessPrivileges = [
  ['to read the table', 'SELECT', 'sessions', /SELECT ON `\w+`\.`sessions`$/],
  ['to delete from the table', 'DELETE', 'sessions', /DELETE ON `\w+`\.`sessions`$/],
  ['to call a routine of another role', 'EXECUTE', 'PROCEDURE sess_clear', /`sess_clear`$/],
  ['to create tables in the database', 'CREATE', '*', /CREATE ON `\w+`\.\*$/],
  ['to see the statements of others', 'PROCESS', '*.*', /PROCESS ON \*\.\*$/],
] as const;

for (const [what, privilege, object, found] of excessPrivileges) {
  test.serial(`An excess privilege ${what} is found, and the remedy revokes it.`, async (t) => {
    const installation = await createInstallation(t, ['application']);
    const { query, account } = installation;
    await query(`GRANT ${privilege} ON ${object} TO ${account.name}`);
    const diagnosis = await doctor({ connection: account.url, as: 'application' });
    t.true(formatFindings(diagnosis).some((line) => found.test(line)));
    await query(
      diagnosis.checks.find((check) => found.test(check.found))?.remedy[0]?.slice(0, -1) ?? '',
    );
    t.deepEqual(formatFindings(await doctor({ connection: account.url, as: 'application' })), []);
  });
}

test.serial('A test query finds an account that can read the table.', async (t) => {
  const { query, account } = await createInstallation(t, ['application']);
  await query(`GRANT SELECT ON sessions TO ${account.name}`);
  const diagnosis = await doctor({ connection: account.url, as: 'application' });
  t.true(formatFindings(diagnosis).includes('account: SELECT 1 FROM `sessions` LIMIT 0: succeeds'));
});

test.serial(
  'A server role with excess privileges is found, and the remedy revokes it.',
  async (t) => {
    const { name, query, account } = await createInstallation(t, ['application']);
    const role = `${name}.role`;
    await query(`CREATE ROLE \`${role}\``);
    t.teardown(() => query(`DROP ROLE IF EXISTS \`${role}\``));
    await query(`GRANT SELECT ON sessions TO \`${role}\``);
    await query(`GRANT \`${role}\` TO ${account.name}`);
    const { checks } = await doctor({ connection: account.url, as: 'application' });
    const finding = checks.find(({ state }) => state === 'finding');
    t.true(finding?.found.includes(role));
    await query(finding?.remedy[0]?.slice(0, -1) ?? '');
    t.deepEqual(formatFindings(await doctor({ connection: account.url, as: 'application' })), []);
  },
);

test.serial('A missing definer is found, because the test call fails.', async (t) => {
  const { name, query, account } = await createInstallation(t, ['application']);
  await query(`DROP USER \`${name}.sess_\`@localhost`);
  const diagnosis = await doctor({ connection: account.url, as: 'application' });
  t.regex(
    formatFindings(diagnosis).join('\n'),
    /^account: CALL sess_version\(\): fails with error \d+$/m,
  );
});

test.serial('A missing routine is found.', async (t) => {
  const { query, account } = await createInstallation(t, ['application']);
  await query('DROP PROCEDURE sess_touch');
  const diagnosis = await doctor({ connection: account.url, as: 'application' });
  t.true(formatFindings(diagnosis).includes('account: routine sess_touch: missing or not granted'));
});

test.serial('An account is checked with the names of its installation.', async (t) => {
  const naming = { table: 'logins', prefix: 'lg_' };
  const { account } = await createInstallation(t, ['application'], naming);
  const diagnosis = await doctor({ connection: account.url, as: 'application', ...naming });
  t.deepEqual(formatFindings(diagnosis), []);
});

test.serial('An unknown role is an error that lists the known roles.', async (t) => {
  const as = 'owner' as Role;
  await t.throwsAsync(doctor({ connection: 'mysql://localhost/x', as }), {
    instanceOf: ArgumentError,
    message:
      'Expected `role` to be one of application, cleaner, operator, find_ATTRIBUTE, count_ATTRIBUTE, limit_ATTRIBUTE, ' +
      'destroy_ATTRIBUTE, got "owner"',
  });
});
