import test from 'ava';
import { fixedRoles, routineNames } from '../../src/contract';
import { DatabaseError, InstallationError } from '../../src/errors';
import { grant, type Role, status } from '../../src/install';
import { routinesOfRole } from '../../src/install/steps/roles';
import { createDatabase } from '../support/database';
import { grantsOf, routinesOf } from './catalog';
import { createInstallation } from './installation';

for (const role of fixedRoles) {
  test(`The role ${role} grants EXECUTE on its routines, and nothing else.`, async (t) => {
    const installation = await createInstallation(t, [role]);
    const { name, account } = installation;
    const grantee = account.name.replaceAll("'", '`');
    t.deepEqual(
      (await grantsOf(installation))[account.name],
      routinesOfRole(role, [])
        .map((routine) => `GRANT EXECUTE ON PROCEDURE \`${name}\`.\`${routine}\` TO ${grantee}`)
        .sort(),
    );
  });

  test(`An account with the role ${role} can't call routines of other roles.`, async (t) => {
    const installation = await createInstallation(t, [role]);
    const own = routinesOfRole(role, []);
    const others = (await routinesOf(installation)).filter((routine) => !own.includes(routine));
    for (const routine of others) {
      const error = await t.throwsAsync(installation.ask(`CALL ${routine}()`), {
        instanceOf: DatabaseError,
      });
      t.is(error?.errno, 1370, routine);
    }
  });

  test(`An account with the role ${role} can't use the table.`, async (t) => {
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

test('Every routine belongs to a role.', async (t) => {
  const installation = await createInstallation(t, []);
  const granted = new Set(fixedRoles.flatMap((role) => routinesOfRole(role, [])));
  t.deepEqual(await routinesOf(installation), [...granted].toSorted());
  t.deepEqual([...granted].toSorted(), routineNames.toSorted());
});

test('The log records each grant.', async (t) => {
  const { url, account } = await createInstallation(t, ['cleaner', 'operator']);
  const { grants, upToDate } = await status({ connection: url });
  t.deepEqual(grants, [
    { account: account.name, role: 'cleaner' },
    { account: account.name, role: 'operator' },
  ]);
  t.true(upToDate);
});

test('Granting a role twice records it once.', async (t) => {
  const { url, account } = await createInstallation(t, ['cleaner']);
  await grant({ connection: url }, account.name, 'cleaner');
  t.is((await status({ connection: url })).grants.length, 1);
});

test('The status does not list the grants of a dropped account.', async (t) => {
  const { url, query, account } = await createInstallation(t, ['cleaner']);
  await query(`DROP USER ${account.name}`);
  t.like(await status({ connection: url }), { upToDate: true, grants: [] });
});

test('Granting a role to an unknown account fails, and the error shows how to create it.', async (t) => {
  const { name, url, query } = await createInstallation(t, []);
  await t.throwsAsync(grant({ connection: url }, `${name}.nobody`), {
    instanceOf: InstallationError,
    message: new RegExp(`CREATE USER '${name}\\.nobody'@'%' IDENTIFIED BY`),
  });
  t.deepEqual(await query('SELECT COUNT(*) FROM mysql.user WHERE user = ?', [`${name}.nobody`]), [
    [0],
  ]);
});

test('An unknown role is an argument error that lists the roles.', async (t) => {
  const role = 'owner' as Role;
  await t.throwsAsync(async () => grant({ connection: 'mysql://localhost/x' }, 'app', role), {
    message:
      'Expected `role` to be one of application, cleaner, operator, find_ATTRIBUTE, count_ATTRIBUTE, limit_ATTRIBUTE, destroy_ATTRIBUTE, got "owner"',
  });
});

test('Without an installation, a grant fails.', async (t) => {
  const database = await createDatabase(t);
  const account = await database.createAccount();
  await t.throwsAsync(grant({ connection: database.url }, account.name), {
    instanceOf: InstallationError,
    message: /knex-mysql-session migrate/,
  });
  t.deepEqual(await grantsOf(database), { [account.name]: [] });
});
