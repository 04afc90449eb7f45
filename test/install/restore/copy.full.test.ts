import type { ExecutionContext } from 'ava';
import { doctor, grant, install, plan, status } from '../../../src/install';
import { runInClient } from '../../support/client';
import { createDatabase, openDatabase, type TestDatabase } from '../../support/database';
import { createShellFolder, inShell, openShell } from '../../support/dba-shell';
import { grantsOf, readCatalog } from '../catalog';
import { applyRemedies, formatFindings } from '../doctor/remedies';
import { createInstallation, type TestInstallation } from '../installation';
import {
  allOptions,
  assertRestored,
  createCommand,
  dropCommand,
  dump,
  loadCommand,
  openSessions,
  urlOf,
} from './drill';

interface Copy {
  readonly original: TestInstallation;
  readonly copy: TestDatabase;
  /** The URL of the original's account, with the copy as its database. */
  readonly accountUrl: string;
}

/** Loads a dump of an installation under another database name. */
async function createCopy(t: ExecutionContext, options = allOptions): Promise<Copy> {
  const original = await createInstallation(t, ['application', 'operator']);
  const { name } = await createDatabase(t);
  const folder = await createShellFolder(t);
  const shell = await openShell(folder, original, { shop: original.name, shop_test: name });
  await dump(t, original, shell, options);
  await shell.run(dropCommand(shell.flavor, 'shop_test'));
  await shell.run(createCommand(shell.flavor, 'shop_test'));
  await shell.run(loadCommand(shell.flavor, 'shop_test'));
  const url = urlOf(original.url, { name });
  const pool = openDatabase(t, url);
  return {
    original,
    copy: {
      name,
      url,
      query: (sql, parameters) => pool.query(sql, parameters),
      createAccount: original.createAccount,
    },
    accountUrl: urlOf(original.account.url, { name }),
  };
}

/** Returns what the original's account may execute in the copy. */
function rightsOf({ original, copy }: Copy): Promise<unknown> {
  return copy.query(
    `SELECT db, routine_name FROM mysql.procs_priv
     WHERE db = DATABASE() AND CONCAT(QUOTE(user), '@', QUOTE(host)) = ?`,
    [original.account.name],
  );
}

for (const options of [allOptions, '']) {
  inShell(`A copy gives the original's accounts no role: dump ${options}`.trim(), async (t) => {
    const pair = await createCopy(t, options);
    const { copy, original } = pair;
    const before = await readCatalog(original);
    const steps = await install({ connection: copy.url });
    t.deepEqual(steps.slice(0, 2), [
      `grants/application/${original.account.name}/removed`,
      `grants/operator/${original.account.name}/removed`,
    ]);
    t.deepEqual(await rightsOf(pair), []);
    t.deepEqual(formatFindings(await doctor({ connection: copy.url })), []);
    t.deepEqual((await status({ connection: copy.url })).grants, []);
    t.deepEqual(await readCatalog(original), before);
    t.deepEqual(formatFindings(await doctor({ connection: original.url })), []);
    t.is((await openSessions(t, original.account.url).get('later'))?.userId, 'bob');
  });
}

inShell('An account of its own can use a copy.', async (t) => {
  const { copy, original } = await createCopy(t);
  await install({ connection: copy.url });
  const account = await original.createAccount();
  await grant({ connection: copy.url }, account.name);
  await assertRestored(t, copy.url, urlOf(account.url, { name: copy.name }));
});

inShell('With keepGrants, the accounts of the original can use a copy.', async (t) => {
  const { copy, original, accountUrl } = await createCopy(t);
  await install({ connection: copy.url, keepGrants: true });
  await assertRestored(t, copy.url, accountUrl);
  t.deepEqual(await install({ connection: copy.url }), []);
  t.deepEqual(formatFindings(await doctor({ connection: original.url })), []);
});

inShell('The remedies for a copy give no role to the accounts of the original.', async (t) => {
  const pair = await createCopy(t);
  const { copy, original } = pair;
  const before = await grantsOf(original);
  const diagnosis = await doctor({ connection: copy.url });
  t.is(
    formatFindings(diagnosis)[0],
    `log: table sessions_migrations: the log of \`${original.name}\``,
  );
  await applyRemedies(copy, diagnosis);
  t.deepEqual(formatFindings(await doctor({ connection: copy.url })), []);
  t.deepEqual(await rightsOf(pair), []);
  t.deepEqual(await grantsOf(original), before);
});

inShell('An interrupted migrate leaves out the other roles later.', async (t) => {
  const pair = await createCopy(t);
  const { copy } = pair;
  const onStep = () => {
    throw new Error('interrupted');
  };
  await t.throwsAsync(install({ connection: copy.url }, { onStep }), { message: 'interrupted' });
  await install({ connection: copy.url });
  t.deepEqual(await rightsOf(pair), []);
});

inShell('The plan of a copy does what migrate does.', async (t) => {
  const pair = await createCopy(t);
  const { copy } = pair;
  const script = await plan({ connection: copy.url });
  t.regex(script, /^-- This database is a copy\./m);
  await runInClient(copy.url, script);
  t.deepEqual(await rightsOf(pair), []);
  t.deepEqual(await install({ connection: copy.url }), []);
});
