import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { DatabaseError, InstallationError } from '../../../src/errors';
import {
  addAttribute,
  doctor,
  dropAttribute,
  grant,
  type InstallOptions,
  install,
  plan,
  rollback,
  status,
} from '../../../src/install';
import { createDatabase, type TestAccount, type TestDatabase } from '../../support/database';

const page = readFileSync(join(__dirname, '../../../docs/dba.md'), 'utf8');
const section = page.split('\n## The account that installs\n')[1]?.split('\n## ')[0] ?? '';
const grants = [
  ...section.matchAll(/^GRANT (?<privileges>[\w ,]+?)\s+ON (?<object>\S+) TO [^;]*;$/gm),
].map(([statement, privileges = '', object = '']) => ({
  statement: statement.slice(0, -1),
  privileges: privileges.split(', '),
  object,
  // What only some need: the event, and attributes.
  isFurther: ['EVENT', 'ALTER'].includes(privileges),
}));

interface Installer extends TestDatabase {
  readonly account: TestAccount;
  /** What the account was granted, of what the page has for this server: privilege and object. */
  readonly granted: ReadonlyArray<readonly [privilege: string, object: string]>;
}

/** A database, and an account with what the page says that an installer needs. */
async function createInstaller(
  t: ExecutionContext,
  chosen: (grant: (typeof grants)[number]) => boolean,
): Promise<Installer> {
  const database = await createDatabase(t);
  const account = await database.createAccount();
  const granted: Array<[string, string]> = [];
  for (const { statement, privileges, object } of grants.filter(chosen)) {
    const on = object.replace('shop', database.name);
    const mine = statement.replace(object, on).replace('`installer`@`%`', account.name);
    if (await isForThisServer(database, mine)) {
      granted.push(...privileges.map((privilege): [string, string] => [privilege, on]));
    }
  }
  return { ...database, account, granted };
}

// Each server has names for rights that the other does not understand.
async function isForThisServer({ query }: TestDatabase, statement: string): Promise<boolean> {
  const parseError = 1064;
  try {
    await query(statement);
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.errno === parseError) {
      return false;
    }
    throw error;
  }
}

/** Everything that an installer does, from the plan to the end; gives what failed, by name. */
async function failuresOf(
  { name, url, query, account }: Installer,
  further: Partial<InstallOptions> = {},
): Promise<string[]> {
  const options = { connection: account.url, ...further };
  const app = `'${name}.app'@'%'`;
  const failures: string[] = [];
  const attempt = async (what: string, work: () => Promise<boolean>) => {
    const done = await work().catch(() => false);
    if (!done) {
      failures.push(what);
    }
  };
  await query(`CREATE USER ${app} IDENTIFIED BY 'aA1!for-the-test'`);
  await attempt('plan', async () => (await plan(options)) !== '');
  await attempt('migrate', async () => (await install(options)).length > 0);
  await attempt('status', async () => (await status(options)).upToDate);
  await attempt('grant', async () => (await grant(options, app)).length > 0);
  await attempt('grant to nobody', async () => {
    const refusal = await grant(options, `${name}.nobody`).catch((error: unknown) => error);
    return refusal instanceof InstallationError;
  });
  await attempt('use', async () => {
    await query("CALL sess_set('a', '{}', 60000)");
    return true;
  });
  await query('ALTER PROCEDURE sess_set SQL SECURITY INVOKER').catch(() => undefined);
  await attempt('upgrade', async () => (await install(options)).length > 0);
  await attempt('doctor', async () => {
    const { findings, unknown } = await doctor(options);
    return findings + unknown === 0;
  });
  await attempt('rollback', async () => (await rollback(options, 0)).length > 0);
  await install({ ...options, connection: url });
  await attempt("grant on somebody else's", async () => (await grant(options, app)).length > 0);
  await rollback({ connection: url }, 0);
  return failures;
}

test('The test runs all statements of docs/dba.md.', (t) => {
  t.is(grants.length, [...section.matchAll(/^GRANT /gm)].length);
});

test.serial('The documented account can do everything that an installer does.', async (t) => {
  const installer = await createInstaller(t, ({ isFurther }) => !isFurther);
  t.deepEqual(await failuresOf(installer), []);
});

async function revoke(installer: Installer, privilege: string, object: string): Promise<void> {
  await installer.query(`REVOKE ${privilege} ON ${object} FROM ${installer.account.name}`);
}

const onBothServers = grants
  .filter(({ object, isFurther }) => object !== '*.*' && !isFurther)
  .flatMap(({ privileges, object }) => privileges.map((privilege) => ({ privilege, object })));
for (const { privilege, object } of onBothServers) {
  test.serial(`Without ${privilege} ON ${object}, the documented account fails.`, async (t) => {
    const installer = await createInstaller(t, ({ isFurther }) => !isFurther);
    await revoke(installer, privilege, object.replace('shop', installer.name));
    t.not((await failuresOf(installer)).length, 0);
  });
}

test.serial(
  'Without any one of its privileges on this server, the documented account fails.',
  async (t) => {
    const { granted } = await createInstaller(t, ({ object }) => object === '*.*');
    for (const [privilege, object] of granted) {
      const installer = await createInstaller(t, ({ isFurther }) => !isFurther);
      await revoke(installer, privilege, object);
      t.not((await failuresOf(installer)).length, 0, privilege);
    }
    t.not(granted.length, 0);
  },
);

test.serial('Without GRANT OPTION, the documented account fails.', async (t) => {
  const installer = await createInstaller(t, ({ isFurther }) => !isFurther);
  await installer.query(
    `REVOKE GRANT OPTION ON ${installer.name}.* FROM ${installer.account.name}`,
  );
  t.true((await failuresOf(installer)).includes('migrate'));
});

test.serial('With EVENT, the documented account can install and remove the event.', async (t) => {
  const { account } = await createInstaller(t, () => true);
  const options = { connection: account.url };
  await install({ ...options, event: true });
  t.truthy((await status(options)).event);
  await install({ ...options, event: false });
  t.is((await status(options)).event, null);
  await rollback(options, 0);
});

test.serial('With ALTER, the documented account can add and drop an attribute.', async (t) => {
  const { account } = await createInstaller(t, () => true);
  const options = { connection: account.url };
  await install(options);
  await addAttribute(options, { name: 'user_id', path: '$.user.id', type: 'INT' });
  const { findings, unknown } = await doctor(options);
  t.is(findings + unknown, 0);
  await dropAttribute(options, 'user_id');
  await rollback(options, 0);
});

test.serial(
  "With definer 'current', the privileges on the database and SELECT on mysql are enough.",
  async (t) => {
    const installer = await createInstaller(
      t,
      ({ object, isFurther }) => object !== '*.*' && !isFurther,
    );
    t.deepEqual(await failuresOf(installer, { definer: 'current' }), []);
  },
);

test.serial('Without SELECT on mysql, the error shows the GRANT that is missing.', async (t) => {
  const installer = await createInstaller(t, ({ isFurther }) => !isFurther);
  await revoke(installer, 'SELECT', '`mysql`.*');
  const options = { connection: installer.account.url };
  const error = await t.throwsAsync(plan(options), { instanceOf: InstallationError });
  const [, remedy = ''] = /An administrator runs: (GRANT .*);$/.exec(String(error?.message)) ?? [];
  await installer.query(remedy);
  t.not(await plan(options), '');
});
