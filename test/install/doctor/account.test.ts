import test from 'ava';
import { ArgumentError } from '../../../src/errors';
import { doctor, type Role } from '../../../src/install';
import { createInstallation } from '../installation';
import { applyRemedies, findingsOf } from './remedies';

const roles: Role[] = ['application', 'cleaner', 'operator'];

for (const role of roles) {
  test.serial(`Nothing is found in an account that has the role ${role} and no more.`, async (t) => {
    const { account } = await createInstallation(t, [role]);
    const { checks, as } = await doctor({ connection: account.url, as: role });
    t.deepEqual(as, [role]);
    t.deepEqual(
      checks.filter(({ state }) => state !== 'ok'),
      [],
    );
  });
}

test.serial('Nothing is found in an account that has two roles, looked at as both.', async (t) => {
  const { account } = await createInstallation(t, ['application', 'operator']);
  const diagnosis = await doctor({ connection: account.url, as: ['application', 'operator'] });
  t.deepEqual(findingsOf(diagnosis), []);
});

test.serial('A right that the role lacks is found, and the remedy, done by a DBA, mends it.', async (t) => {
  const installation = await createInstallation(t, ['application']);
  const { query, account } = installation;
  await query(`REVOKE EXECUTE ON PROCEDURE sess_get FROM ${account.name}`);
  const diagnosis = await doctor({ connection: account.url, as: 'application' });
  t.true(findingsOf(diagnosis).includes(`account: account ${account.name}: nothing`));
  await applyRemedies(installation, diagnosis);
  t.deepEqual(findingsOf(await doctor({ connection: account.url, as: 'application' })), []);
});

test.serial(
  'A role that the account does not have is found to be missing, each of its routines by name.',
  async (t) => {
    const { name, account } = await createInstallation(t, ['cleaner']);
    const { checks } = await doctor({ connection: account.url, as: ['cleaner', 'operator'] });
    const missing = checks.filter(({ found }) => found === 'nothing').map(({ expected }) => expected);
    for (const routine of ['all', 'clear', 'ids', 'length']) {
      t.true(missing.includes(`EXECUTE ON PROCEDURE \`${name}\`.\`sess_${routine}\``), routine);
    }
  },
);

const tooMuch = [
  ['to read the table', 'SELECT', 'sessions', /SELECT ON `\w+`\.`sessions`$/],
  ['to delete from the table', 'DELETE', 'sessions', /DELETE ON `\w+`\.`sessions`$/],
  ['to call a routine of another role', 'EXECUTE', 'PROCEDURE sess_clear', /`sess_clear`$/],
  ['to create tables in the database', 'CREATE', '*', /CREATE ON `\w+`\.\*$/],
  ['to see what others do', 'PROCESS', '*.*', /PROCESS ON \*\.\*$/],
] as const;

for (const [what, privilege, object, found] of tooMuch) {
  test.serial(`The right ${what} is found to be too much, and the remedy takes it back.`, async (t) => {
    const installation = await createInstallation(t, ['application']);
    const { query, account } = installation;
    await query(`GRANT ${privilege} ON ${object} TO ${account.name}`);
    const diagnosis = await doctor({ connection: account.url, as: 'application' });
    t.true(findingsOf(diagnosis).some((line) => found.test(line)));
    await query(diagnosis.checks.find((check) => found.test(check.found))?.remedy[0]?.slice(0, -1) ?? '');
    t.deepEqual(findingsOf(await doctor({ connection: account.url, as: 'application' })), []);
  });
}

test.serial('An account that may read the table is seen to read it.', async (t) => {
  const { query, account } = await createInstallation(t, ['application']);
  await query(`GRANT SELECT ON sessions TO ${account.name}`);
  const diagnosis = await doctor({ connection: account.url, as: 'application' });
  t.true(findingsOf(diagnosis).includes('account: SELECT 1 FROM `sessions` LIMIT 0: done'));
});

test.serial('A role of the server that gives too much is found, and the remedy takes it back.', async (t) => {
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
  t.deepEqual(findingsOf(await doctor({ connection: account.url, as: 'application' })), []);
});

test.serial('A definer that is gone is found by a call that fails.', async (t) => {
  const { name, query, account } = await createInstallation(t, ['application']);
  await query(`DROP USER \`${name}.sess_\`@localhost`);
  const diagnosis = await doctor({ connection: account.url, as: 'application' });
  t.regex(findingsOf(diagnosis).join('\n'), /^account: CALL sess_version\(\): refused with error \d+$/m);
});

test.serial('Routines that are gone are found.', async (t) => {
  const { query, account } = await createInstallation(t, ['application']);
  await query('DROP PROCEDURE sess_touch');
  const diagnosis = await doctor({ connection: account.url, as: 'application' });
  t.true(findingsOf(diagnosis).includes('account: routine sess_touch: nothing'));
});

test.serial('An account under other names is looked at under these.', async (t) => {
  const naming = { table: 'logins', prefix: 'lg_' };
  const { account } = await createInstallation(t, ['application'], naming);
  const diagnosis = await doctor({ connection: account.url, as: 'application', ...naming });
  t.deepEqual(findingsOf(diagnosis), []);
});

test.serial('A role that does not exist is named together with those that do.', async (t) => {
  const as = 'owner' as Role;
  await t.throwsAsync(doctor({ connection: 'mysql://localhost/x', as }), {
    instanceOf: ArgumentError,
    message:
      'Expected `role` to be one of application, cleaner, operator, find_ATTRIBUTE, destroy_ATTRIBUTE, got "owner"',
  });
});
