import test, { type ExecutionContext } from 'ava';
import { doctor, grant } from '../../../src/install';
import { createAttributed, save, userId } from '../attributes/attributed';
import type { TestInstallation } from '../installation';
import { breaking, findingsOf, foundAndMended } from './remedies';

const create = (t: ExecutionContext) => createAttributed(t, [userId], ['application']);

function breakingAttribute(
  title: string,
  breakIt: (installation: TestInstallation) => Promise<unknown>,
  ...finds: string[]
): void {
  breaking(title, breakIt, () => finds, create);
}

const alter = (change: string) => (installation: TestInstallation) =>
  installation.query(`ALTER TABLE sessions ${change}`);

test.serial('Nothing is found in an installation with attributes of every type.', async (t) => {
  const types = ['VARCHAR(64)', 'INT', 'INT UNSIGNED', 'BIGINT', 'BIGINT UNSIGNED'];
  const installation = await createAttributed(
    t,
    types.map((type, index) => ({ name: `at${index}`, path: `$.at${index}`, type })),
  );
  await save(installation, 'a', { at0: 'x', at1: -1, at2: 1, at3: -1, at4: 1 });
  const { checks } = await doctor({ connection: installation.url });
  t.deepEqual(
    checks.filter(({ state }) => state !== 'ok'),
    [],
  );
  t.is(checks.filter(({ area }) => area === 'attributes').length, 4 * types.length);
});

breakingAttribute(
  "An attribute's index that is gone",
  alter('DROP INDEX user_id_idx'),
  'attributes: index user_id_idx: nothing',
);

breakingAttribute(
  "An attribute's index on another column",
  alter('DROP INDEX user_id_idx, ADD INDEX user_id_idx (expired)'),
  'attributes: index user_id_idx: on expired',
);

breakingAttribute(
  "An attribute's column of another type",
  alter(
    'DROP INDEX user_id_idx, DROP COLUMN user_id, ADD COLUMN user_id INT AS (NULL), ADD INDEX user_id_idx (user_id, sid)',
  ),
  'attributes: column user_id: int, VIRTUAL GENERATED',
);

breakingAttribute(
  "An attribute's column that is no generated one, and what it holds,",
  async (installation) => {
    await alter(
      'DROP INDEX user_id_idx, DROP COLUMN user_id, ADD COLUMN user_id VARCHAR(64) COLLATE utf8mb4_bin, ADD INDEX user_id_idx (user_id, sid)',
    )(installation);
    await save(installation, 'a', { user: { id: 'ada' } });
  },
  'attributes: column user_id: varchar(64) utf8mb4_bin, ',
  'attributes: values of user_id: something else in 1 of the first 1000 sessions',
  "attributes: sessions by user_id: 1 whose value does not fit VARCHAR(64), and that can't be found by it",
);

breakingAttribute(
  "An attribute's routine that is gone",
  ({ query }) => query('DROP PROCEDURE sess_find_user_id'),
  'routines: routine sess_find_user_id: nothing',
);

test.serial(
  'Live sessions whose value does not fit are counted; those without a value are not.',
  async (t) => {
    const installation = await createAttributed(t, [{ ...userId, type: 'VARCHAR(5)' }]);
    const ids = ['short', 'too long', 'far too long', 7, true, null, { deep: 1 }];
    for (const [index, id] of ids.entries()) {
      await save(installation, `s${index}`, { user: { id } });
    }
    await save(installation, 'none', {});
    await save(installation, 'expired', { user: { id: 'too long' } });
    await installation.query("UPDATE sessions SET expired = UTC_TIMESTAMP(3) WHERE sid = 'expired'");
    const found = findingsOf(await doctor({ connection: installation.url }));
    t.deepEqual(found, [
      "attributes: sessions by user_id: 4 whose value does not fit VARCHAR(5), and that can't be found by it",
    ]);
  },
);

test.serial('The remedy for values that are too long makes their sessions findable.', async (t) => {
  const installation = await createAttributed(t, [{ ...userId, type: 'VARCHAR(5)' }]);
  await save(installation, 'a', { user: { id: 'too long' } });
  await foundAndMended(t, installation, [
    "attributes: sessions by user_id: 1 whose value does not fit VARCHAR(5), and that can't be found by it",
  ]);
});

for (const role of ['find_user_id', 'destroy_user_id'] as const) {
  test.serial(
    `Nothing is found in an account that has the role ${role} too, looked at as both.`,
    async (t) => {
      const installation = await createAttributed(t, [userId], ['application']);
      await grant({ connection: installation.url }, installation.account.name, role);
      t.deepEqual(findingsOf(await doctor({ connection: installation.url })), []);
      const roles = ['application', role] as const;
      t.deepEqual(findingsOf(await doctor({ connection: installation.account.url, as: roles })), []);
    },
  );

  test.serial(
    `The role ${role} is found to be missing where it was not granted, and too much where it was not asked for.`,
    async (t) => {
      const { account, name, url } = await createAttributed(t, [userId], ['application']);
      const right = `EXECUTE ON PROCEDURE \`${name}\`.\`sess_${role}\``;
      const asBoth = await doctor({ connection: account.url, as: ['application', role] });
      t.true(asBoth.checks.some(({ expected, found }) => expected === right && found === 'nothing'));
      await grant({ connection: url }, account.name, role);
      const asOne = await doctor({ connection: account.url, as: 'application' });
      t.true(findingsOf(asOne).some((finding) => finding.endsWith(right)));
    },
  );
}

test.serial(
  'Nothing is found in an operator, who may use every attribute, whichever came first.',
  async (t) => {
    const installation = await createAttributed(t, [userId], ['operator']);
    t.deepEqual(findingsOf(await doctor({ connection: installation.account.url, as: 'operator' })), []);
    const later = await installation.createAccount();
    await grant({ connection: installation.url }, later.name, 'operator');
    t.deepEqual(findingsOf(await doctor({ connection: later.url, as: 'operator' })), []);
    t.deepEqual(findingsOf(await doctor({ connection: installation.url })), []);
  },
);
