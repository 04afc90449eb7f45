import test, { type ExecutionContext } from 'ava';
import { doctor, grant } from '../../../src/install';
import { createAttributed, save, userId } from '../attributes/attributed';
import type { TestInstallation } from '../installation';
import { assertFoundAndFixed, formatFindings, testRemedy } from './remedies';

const create = (t: ExecutionContext) => createAttributed(t, [userId], ['application']);

function testAttributeRemedy(
  fault: string,
  breakInstallation: (installation: TestInstallation) => Promise<unknown>,
  ...findings: string[]
): void {
  testRemedy(fault, breakInstallation, () => findings, { create });
}

const alter = (change: string) => (installation: TestInstallation) =>
  installation.query(`ALTER TABLE sessions ${change}`);

test.serial('An installation with attributes of every type has no findings.', async (t) => {
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

testAttributeRemedy(
  "An attribute's missing index",
  alter('DROP INDEX user_id_idx'),
  'attributes: index user_id_idx: missing',
);

testAttributeRemedy(
  "An attribute's index on a wrong column",
  alter('DROP INDEX user_id_idx, ADD INDEX user_id_idx (expired)'),
  'attributes: index user_id_idx: on expired',
);

testAttributeRemedy(
  "An attribute's column with a wrong type",
  alter(
    'DROP INDEX user_id_idx, DROP COLUMN user_id, ADD COLUMN user_id INT AS (NULL), ADD INDEX user_id_idx (user_id, sid)',
  ),
  'attributes: column user_id: int, VIRTUAL GENERATED',
);

testAttributeRemedy(
  "An attribute's column that is not generated",
  async (installation) => {
    await alter(
      'DROP INDEX user_id_idx, DROP COLUMN user_id, ADD COLUMN user_id VARCHAR(64) COLLATE utf8mb4_bin, ADD INDEX user_id_idx (user_id, sid)',
    )(installation);
    await save(installation, 'a', { user: { id: 'ada' } });
  },
  'attributes: column user_id: varchar(64) utf8mb4_bin, ',
);

testAttributeRemedy(
  "An attribute's column with the value of another path",
  async (installation) => {
    await alter(
      `DROP INDEX user_id_idx, DROP COLUMN user_id,
       ADD COLUMN user_id VARCHAR(64) COLLATE utf8mb4_bin AS (CONCAT('x', sid)),
       ADD INDEX user_id_idx (user_id, sid)`,
    )(installation);
    await save(installation, 'a', { user: { id: 'ada' } });
  },
  'attributes: values of user_id: different in 1 of the first 1000 sessions',
);

testAttributeRemedy(
  "An attribute's missing routine",
  ({ query }) => query('DROP PROCEDURE sess_find_user_id'),
  'routines: routine sess_find_user_id: missing',
);

test.serial(
  'Live sessions count if their value does not fit, but not if they have no value.',
  async (t) => {
    const installation = await createAttributed(t, [{ ...userId, type: 'VARCHAR(5)' }]);
    const ids = ['short', 'too long', 'far too long', 7, true, null, { deep: 1 }];
    for (const [index, id] of ids.entries()) {
      await save(installation, `s${index}`, { user: { id } });
    }
    await save(installation, 'none', {});
    await save(installation, 'expired', { user: { id: 'too long' } });
    await installation.query(
      "UPDATE sessions SET expired = UTC_TIMESTAMP(3) WHERE sid = 'expired'",
    );
    const found = formatFindings(await doctor({ connection: installation.url }));
    t.deepEqual(found, [
      "attributes: sessions by user_id: 4 can't be found: the value does not fit VARCHAR(5)",
    ]);
  },
);

test.serial('The remedy for too long values makes their sessions findable.', async (t) => {
  const installation = await createAttributed(t, [{ ...userId, type: 'VARCHAR(5)' }]);
  await save(installation, 'a', { user: { id: 'too long' } });
  await assertFoundAndFixed(t, installation, [
    "attributes: sessions by user_id: 1 can't be found: the value does not fit VARCHAR(5)",
  ]);
});

for (const role of ['find_user_id', 'destroy_user_id'] as const) {
  test.serial(
    `An application with the role ${role} has no findings if it is checked for both.`,
    async (t) => {
      const installation = await createAttributed(t, [userId], ['application']);
      await grant({ connection: installation.url }, installation.account.name, role);
      t.deepEqual(formatFindings(await doctor({ connection: installation.url })), []);
      const roles = ['application', role] as const;
      t.deepEqual(
        formatFindings(await doctor({ connection: installation.account.url, as: roles })),
        [],
      );
    },
  );

  test.serial(`A missing role ${role} is found, and so is one that is not expected.`, async (t) => {
    const { account, name, url } = await createAttributed(t, [userId], ['application']);
    const privilege = `EXECUTE ON PROCEDURE \`${name}\`.\`sess_${role}\``;
    const asBoth = await doctor({ connection: account.url, as: ['application', role] });
    t.true(
      asBoth.checks.some(
        ({ expected, found }) => expected === privilege && found === 'not granted',
      ),
    );
    await grant({ connection: url }, account.name, role);
    const asOne = await doctor({ connection: account.url, as: 'application' });
    t.true(formatFindings(asOne).some((finding) => finding.endsWith(privilege)));
  });
}

test.serial(
  'An operator has no findings, with an attribute added before or after the grant.',
  async (t) => {
    const installation = await createAttributed(t, [userId], ['operator']);
    t.deepEqual(
      formatFindings(await doctor({ connection: installation.account.url, as: 'operator' })),
      [],
    );
    const later = await installation.createAccount();
    await grant({ connection: installation.url }, later.name, 'operator');
    t.deepEqual(formatFindings(await doctor({ connection: later.url, as: 'operator' })), []);
    t.deepEqual(formatFindings(await doctor({ connection: installation.url })), []);
  },
);
