import test from 'ava';
import { DatabaseError, InstallationError } from '../../src/errors';
import { grant, type Role, status } from '../../src/install';
import { createDatabase } from '../database';
import { grantsOf, routinesOf } from './catalogue';
import { createInstallation } from './installation';
import { routinesByRole } from './role-routines';

const allRoles = ['application', 'cleaner', 'operator'] as const;
for (const role of allRoles) {
  test(`The role ${role} is the right to execute its routines, and nothing else.`, async (t) => {
    const installation = await createInstallation(t, [role]);
    const { name, account } = installation;
    const grantee = account.name.replaceAll("'", '`');
    t.deepEqual(
      (await grantsOf(installation))[account.name],
      routinesByRole[role]
        .map((routine) => `GRANT EXECUTE ON PROCEDURE \`${name}\`.\`sess_${routine}\` TO ${grantee}`)
        .sort(),
    );
  });

  test(`An account with the role ${role} can call no routine of another role.`, async (t) => {
    const installation = await createInstallation(t, [role]);
    const own = routinesByRole[role].map((routine) => `sess_${routine}`);
    const others = (await routinesOf(installation)).filter((routine) => !own.includes(routine));
    for (const routine of others) {
      const error = await t.throwsAsync(installation.ask(`CALL ${routine}()`), { instanceOf: DatabaseError });
      t.is(error?.errno, 1370, routine);
    }
  });

  test(`An account with the role ${role} can't touch the table itself.`, async (t) => {
    const { ask } = await createInstallation(t, [role]);
    for (const statement of [
      'SELECT * FROM sessions',
      "INSERT INTO sessions (sid) VALUES ('a')",
      "UPDATE sessions SET sess = '{}'",
      'DELETE FROM sessions',
      'DROP TABLE sessions',
    ]) {
      const error = await t.throwsAsync(ask(statement), { instanceOf: DatabaseError });
      t.is(error?.errno, 1142, statement);
    }
  });
}

test('Every routine is executable for one of the roles.', async (t) => {
  const installation = await createInstallation(t, []);
  const granted = new Set(Object.values(routinesByRole).flat());
  t.deepEqual(
    await routinesOf(installation),
    [...granted].sort().map((routine) => `sess_${routine}`),
  );
});

test('A role that was granted is recorded.', async (t) => {
  const { url, account } = await createInstallation(t, ['cleaner', 'operator']);
  const { grants, upToDate } = await status({ connection: url });
  t.deepEqual(grants, [
    { account: account.name, role: 'cleaner' },
    { account: account.name, role: 'operator' },
  ]);
  t.true(upToDate);
});

test('A role that is granted twice is recorded once.', async (t) => {
  const { url, account } = await createInstallation(t, ['cleaner']);
  await grant({ connection: url }, account.name, 'cleaner');
  t.is((await status({ connection: url })).grants.length, 1);
});

test('An account that went is no longer a part of the installation.', async (t) => {
  const { url, query, account } = await createInstallation(t, ['cleaner']);
  await query(`DROP USER ${account.name}`);
  t.like(await status({ connection: url }), { upToDate: true, grants: [] });
});

test('A role for an account that does not exist shows how to create it.', async (t) => {
  const { name, url, query } = await createInstallation(t, []);
  await t.throwsAsync(grant({ connection: url }, `${name}.nobody`), {
    instanceOf: InstallationError,
    message: new RegExp(`CREATE USER '${name}\\.nobody'@'%' IDENTIFIED BY`),
  });
  t.deepEqual(await query('SELECT COUNT(*) FROM mysql.user WHERE user = ?', [`${name}.nobody`]), [[0]]);
});

test('A role that does not exist is named together with those that do.', async (t) => {
  const role = 'owner' as Role;
  await t.throwsAsync(async () => grant({ connection: 'mysql://localhost/x' }, 'app', role), {
    message:
      'Expected `role` to be one of application, cleaner, operator, find_ATTRIBUTE, destroy_ATTRIBUTE, got "owner"',
  });
});

test('Nothing is granted where nothing is installed yet.', async (t) => {
  const database = await createDatabase(t);
  const account = await database.createAccount();
  await t.throwsAsync(grant({ connection: database.url }, account.name), {
    instanceOf: InstallationError,
    message: /knex-mysql-session migrate/,
  });
  t.deepEqual(await grantsOf(database), { [account.name]: [] });
});
