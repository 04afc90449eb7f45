import assert from 'node:assert/strict';
import test from 'ava';
import { mayExecute, routineNames } from '../../src/contract';
import { doctor, grant, install, type Role, revoke } from '../../src/install';
import { SharedScope } from '../support/scope';
import { grantsOf } from './catalog';
import { assertFoundAndFixed } from './doctor/remedies';
import { createEdition, type Edition, everyRoutineChanged } from './edition';
import { createInstallation, nextSecond, type TestInstallation } from './installation';

/** How many routines an application may execute. */
const granted = routineNames.filter((name) => mayExecute('application', name)).length;

/** Grants what the README shows, without the installer. */
async function grantByHand({ query, account, url }: TestInstallation, role: Role): Promise<void> {
  const options = { connection: url };
  await grant(options, account.name, role);
  await query("DELETE FROM sessions_migrations WHERE kind = 'grant'");
}

const scope = new SharedScope();
test.after.always(() => scope.end());

/** A release in which each routine is different. */
let next: Edition;
test.before(async () => {
  next = await createEdition(scope, everyRoutineChanged);
});

async function upgrade({ url }: TestInstallation): Promise<void> {
  assert((await next.installer.install({ connection: url })).length > 10);
}

/** Creates a routine again with its own text, as a dump does. */
async function restore(installation: TestInstallation, routine: string): Promise<void> {
  const { query } = installation;
  const [row] = await query(`SHOW CREATE PROCEDURE ${routine}`);
  await nextSecond(installation);
  await query(`DROP PROCEDURE ${routine}`);
  await query(String(row?.[2]));
}

async function rightsOf(installation: TestInstallation): Promise<string[] | undefined> {
  return (await grantsOf(installation))[installation.account.name];
}

test('An upgrade keeps rights that a DBA granted by hand.', async (t) => {
  const installation = await createInstallation(t, []);
  await grantByHand(installation, 'application');
  const before = await rightsOf(installation);
  await upgrade(installation);
  t.deepEqual(await rightsOf(installation), before);
  t.true((before?.length ?? 0) > 5);
});

test('An account with all rights of a role gets what an upgrade adds to the role.', async (t) => {
  const installation = await createInstallation(t, []);
  await grantByHand(installation, 'application');
  const before = await rightsOf(installation);
  // An older release did not have this routine.
  await installation.query('DROP PROCEDURE sess_touch_many');
  await install({ connection: installation.url });
  t.deepEqual(await rightsOf(installation), before);
});

test('An account with some rights of a role gets no more.', async (t) => {
  const installation = await createInstallation(t, []);
  const { query, url, account } = installation;
  await query(`GRANT EXECUTE ON PROCEDURE sess_get TO ${account.name}`);
  await query('DROP PROCEDURE sess_touch');
  await install({ connection: url });
  await upgrade(installation);
  t.is((await rightsOf(installation))?.length, 1);
});

test('An upgrade does not return what a DBA revoked, and doctor names both ways out.', async (t) => {
  const installation = await createInstallation(t, ['application']);
  const { query, url, account } = installation;
  await query(`REVOKE EXECUTE ON PROCEDURE sess_touch FROM ${account.name}`);
  const before = await rightsOf(installation);
  await upgrade(installation);
  t.deepEqual(await rightsOf(installation), before);
  const { checks } = await doctor({ connection: url });
  t.like(
    checks.find(({ found }) => found === 'not granted'),
    {
      remedy: [`knex-mysql-session grant ${account.name} --role application`],
      alternative: [`knex-mysql-session revoke ${account.name} --role application`],
    },
  );
});

test('An upgrade does not return a role that a DBA revoked by hand.', async (t) => {
  const installation = await createInstallation(t, []);
  const { query, url, account } = installation;
  await grant({ connection: url }, account.name, 'operator');
  for (const right of (await rightsOf(installation)) ?? []) {
    await query(right.replace(/^GRANT (.*) TO /, 'REVOKE $1 FROM '));
  }
  await upgrade(installation);
  t.deepEqual(await rightsOf(installation), []);
});

test('The rights on a restored routine return.', async (t) => {
  const installation = await createInstallation(t, []);
  await grant({ connection: installation.url }, installation.account.name);
  const before = await grantsOf(installation);
  await restore(installation, 'sess_get');
  await install({ connection: installation.url });
  t.deepEqual(await grantsOf(installation), before);
});

test('The rights of an account that was created again return.', async (t) => {
  const installation = await createInstallation(t, []);
  const { query, url, account } = installation;
  await grant({ connection: url }, account.name);
  const before = await rightsOf(installation);
  await nextSecond(installation);
  await query(`DROP USER ${account.name}`);
  await query(`CREATE USER ${account.name} IDENTIFIED BY 'aA1!for-the-test'`);
  t.deepEqual(await install({ connection: url }), [`grants/application/${account.name}`]);
  t.deepEqual(await rightsOf(installation), before);
});

test('An account with rights by hand is found, and either remedy settles it.', async (t) => {
  const installation = await createInstallation(t, []);
  const { url, account } = installation;
  await grantByHand(installation, 'application');
  const finding = `grants: account ${account.name}: EXECUTE ON ${granted} routines`;
  const { checks } = await doctor({ connection: url });
  t.deepEqual(checks.find(({ state }) => state === 'finding')?.alternative, [
    `knex-mysql-session revoke ${account.name}`,
  ]);
  await assertFoundAndFixed(t, installation, [finding]);
  t.not((await rightsOf(installation))?.length, 0);
  await revoke({ connection: url }, account.name);
  t.deepEqual(await rightsOf(installation), []);
});

test('After RENAME USER, the remedies keep the rights of the account.', async (t) => {
  const installation = await createInstallation(t, ['application']);
  const { query, account } = installation;
  const renamed = account.name.replace("'@", "x'@");
  await query(`RENAME USER ${account.name} TO ${renamed}`);
  const before = (await grantsOf(installation))[renamed];
  await assertFoundAndFixed(t, installation, [
    `grants: account ${account.name}: missing`,
    `grants: account ${renamed}: EXECUTE ON ${granted} routines`,
  ]);
  t.deepEqual((await grantsOf(installation))[renamed], before);
});

test('A definer with a known password is locked by the installer.', async (t) => {
  const { name, query, url } = await createInstallation(t, []);
  const definer = `\`${name}.sess_\`@localhost`;
  await query(`ALTER USER ${definer} IDENTIFIED BY 'aA1!known' ACCOUNT UNLOCK`);
  t.deepEqual(await install({ connection: url }), ['definer/account']);
  const [row] = await query(`SHOW CREATE USER ${definer}`);
  t.regex(String(row?.[0]), / ACCOUNT LOCK\b/);
  t.regex(String(row?.[0]), /VIA unix_socket|MUSTNEVERBRBEUSED/);
});
