import test from 'ava';
import { fixedRoles, mayExecute } from '../../../src/contract';
import { ArgumentError, DatabaseError, InstallationError } from '../../../src/errors';
import { dropAttribute, grant, install, type Role, status } from '../../../src/install';
import { grantsOf } from '../catalog';
import { createAttributed, userId } from './attributed';

const calls = {
  find_user_id: "CALL sess_find_user_id('a', '', 1)",
  count_user_id: "CALL sess_count_user_id('a')",
  limit_user_id: "CALL sess_limit_user_id('a', 1, NULL, 'created', 2)",
  destroy_user_id: "CALL sess_destroy_user_id('a', NULL, 1)",
} as const;
const roles = Object.keys(calls) as Array<keyof typeof calls>;

for (const role of roles) {
  test(`The role ${role} grants that routine and sess_version, and nothing else.`, async (t) => {
    const installation = await createAttributed(t, [userId], []);
    const { name, account, url } = installation;
    await grant({ connection: url }, account.name, role);
    const grantee = account.name.replaceAll("'", '`');
    t.deepEqual((await grantsOf(installation))[account.name], [
      `GRANT EXECUTE ON PROCEDURE \`${name}\`.\`sess_${role}\` TO ${grantee}`,
      `GRANT EXECUTE ON PROCEDURE \`${name}\`.\`sess_version\` TO ${grantee}`,
    ]);
  });
}

for (const role of [...fixedRoles, ...roles]) {
  const callable = roles.filter((called) => mayExecute(role, `sess_${called}`));
  test(`The role ${role} may call ${callable.join(' and ') || 'no routine of an attribute'}.`, async (t) => {
    const { ask, url, account } = await createAttributed(t, [userId], []);
    await grant({ connection: url }, account.name, role);
    for (const called of roles) {
      if (callable.includes(called)) {
        await t.notThrowsAsync(ask(calls[called]));
      } else {
        const error = await t.throwsAsync(ask(calls[called]), { instanceOf: DatabaseError });
        t.is(error?.errno, 1370);
      }
    }
  });
}

test('A lost attribute routine returns with its grants, because the log has the role.', async (t) => {
  const { ask, url, query, account } = await createAttributed(t, [userId], ['application']);
  await grant({ connection: url }, account.name, 'find_user_id');
  const { grants } = await status({ connection: url });
  t.deepEqual(grants.map(({ role }) => role).sort(), ['application', 'find_user_id']);
  await query('DROP PROCEDURE sess_find_user_id');
  await install({ connection: url });
  await t.notThrowsAsync(ask(calls.find_user_id));
});

test('Granting a role of an unknown attribute fails, and the error shows how to add it.', async (t) => {
  const { url, account } = await createAttributed(t);
  await t.throwsAsync(grant({ connection: url }, account.name, 'find_tenant'), {
    instanceOf: InstallationError,
    message: /no attribute tenant \(attributes: user_id\).+attribute add tenant/,
  });
});

for (const role of ['find_', 'find_User', 'find_a`b', 'search_user_id', 'find', 'destroy_a-b']) {
  test(`${role} is not a role.`, async (t) => {
    const { url, account } = await createAttributed(t, [], []);
    await t.throwsAsync(grant({ connection: url }, account.name, role as Role), {
      instanceOf: ArgumentError,
    });
  });
}

test('Dropping an attribute revokes only the grants that its roles gave.', async (t) => {
  const installation = await createAttributed(t, [userId], ['application']);
  const { url, account } = installation;
  const support = await installation.createAccount();
  const before = await grantsOf(installation);
  for (const { name } of [account, support]) {
    await grant({ connection: url }, name, 'find_user_id');
    await grant({ connection: url }, name, 'destroy_user_id');
  }
  await dropAttribute({ connection: url }, 'user_id');
  const after = await grantsOf(installation);
  t.deepEqual(
    [after[account.name], after[support.name]],
    [before[account.name], before[support.name]],
  );
  t.deepEqual(
    (await status({ connection: url })).grants.map(({ role }) => role),
    ['application'],
  );
});
