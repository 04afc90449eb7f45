import test from 'ava';
import { ArgumentError, DatabaseError, InstallationError } from '../../../src/errors';
import { dropAttribute, grant, install, type Role, status } from '../../../src/install';
import { grantsOf } from '../catalogue';
import { createAttributed, userId } from './attributed';

const calls = {
  find_user_id: "CALL sess_find_user_id('a', '', 1)",
  destroy_user_id: "CALL sess_destroy_user_id('a', NULL, 1)",
} as const;
const attributeRoles = ['find_user_id', 'destroy_user_id'] as const;

for (const role of attributeRoles) {
  test(`The role ${role} is the right to that routine and to ask for the version, and nothing else.`, async (t) => {
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

const callers: Record<string, readonly Role[]> = {
  find_user_id: ['operator', 'find_user_id'],
  destroy_user_id: ['operator', 'destroy_user_id'],
};
for (const role of ['application', 'cleaner', 'operator', ...attributeRoles] as const) {
  test(`An account with the role ${role} may call ${attributeRoles.filter((called) => callers[called]?.includes(role)).join(' and ') || 'neither routine of an attribute'}.`, async (t) => {
    const { ask, url, account } = await createAttributed(t, [userId], []);
    await grant({ connection: url }, account.name, role);
    for (const called of attributeRoles) {
      if (callers[called]?.includes(role)) {
        await t.notThrowsAsync(ask(calls[called]));
      } else {
        const error = await t.throwsAsync(ask(calls[called]), { instanceOf: DatabaseError });
        t.is(error?.errno, 1370);
      }
    }
  });
}

test('A role of an attribute is recorded, and given again with a routine that was lost.', async (t) => {
  const { ask, url, query, account } = await createAttributed(t, [userId], ['application']);
  await grant({ connection: url }, account.name, 'find_user_id');
  const { grants } = await status({ connection: url });
  t.deepEqual(grants.map(({ role }) => role).sort(), ['application', 'find_user_id']);
  await query('DROP PROCEDURE sess_find_user_id');
  await install({ connection: url });
  await t.notThrowsAsync(ask(calls.find_user_id));
});

test('The role of an attribute that is not there is refused: the error says how to make it.', async (t) => {
  const { url, account } = await createAttributed(t);
  await t.throwsAsync(grant({ connection: url }, account.name, 'find_tenant'), {
    instanceOf: InstallationError,
    message: /no attribute tenant \(there are: user_id\).+attribute add tenant/,
  });
});

for (const role of ['find_', 'find_User', 'find_a`b', 'search_user_id', 'find', 'destroy_a-b']) {
  test(`${role} is no role.`, async (t) => {
    const { url, account } = await createAttributed(t, [], []);
    await t.throwsAsync(grant({ connection: url }, account.name, role as Role), {
      instanceOf: ArgumentError,
    });
  });
}

test('With the attribute, the rights that accounts had for its sake go, and no others.', async (t) => {
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
  t.deepEqual([after[account.name], after[support.name]], [before[account.name], before[support.name]]);
  t.deepEqual(
    (await status({ connection: url })).grants.map(({ role }) => role),
    ['application'],
  );
});
