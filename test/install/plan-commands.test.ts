import test, { type ExecutionContext } from 'ava';
import { InstallationError } from '../../src/errors';
import {
  doctor,
  grant,
  install,
  planGrant,
  planRevoke,
  planRollbackScript,
  revoke,
  rollback,
  status,
} from '../../src/install';
import { splitScript } from '../support/client';
import { createDatabase, openDatabase } from '../support/database';
import { readCatalog } from './catalog';
import { createInstallation } from './installation';

/** Runs a script twice, as a DBA may: the result must be the same. */
async function runTwice(t: ExecutionContext, url: string, script: string): Promise<void> {
  const statements = splitScript(script);
  t.true(statements.length > 1);
  await openDatabase(t, url).withConnection(async ({ query }) => {
    for (const statement of [...statements, ...statements]) await query(statement);
  });
}

test('The script of a grant does what grant does.', async (t) => {
  const installation = await createInstallation(t, []);
  const { url, account } = installation;
  const before = await readCatalog(installation);
  const script = await planGrant({ connection: url }, account.name);
  t.deepEqual(await readCatalog(installation), before);
  await grant({ connection: url }, account.name);
  const expected = await readCatalog(installation);
  await revoke({ connection: url }, account.name);
  await runTwice(t, url, script);
  t.deepEqual(await readCatalog(installation), expected);
});

test('The script of a revoke does what revoke does.', async (t) => {
  const installation = await createInstallation(t, ['application', 'operator']);
  const { url, account } = installation;
  const script = await planRevoke({ connection: url }, account.name, 'operator');
  await openDatabase(t, url).withConnection(async ({ query }) => {
    for (const statement of splitScript(script)) await query(statement);
  });
  t.deepEqual((await status({ connection: url })).grants, [
    { account: account.name, role: 'application' },
  ]);
  t.is((await doctor({ connection: url })).findings, 0);
  t.is(await planRevoke({ connection: url }, account.name, 'operator'), '');
});

test('The script of a rollback to 0 leaves nothing, and can run again.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, event: true });
  const script = await planRollbackScript({ connection: database.url }, 0);
  await runTwice(t, database.url, script);
  t.deepEqual(await readCatalog(database), { tables: [], routines: [], grants: {}, log: [] });
});

for (const privilege of ['ALL PRIVILEGES ON *.*', 'EXECUTE ON {database}.*']) {
  test(`An account with ${privilege} gets no role, and the error says why.`, async (t) => {
    const { name, url, query, account } = await createInstallation(t, []);
    await query(`GRANT ${privilege.replace('{database}', name)} TO ${account.name}`);
    await t.throwsAsync(grant({ connection: url }, account.name), {
      instanceOf: InstallationError,
      message: /may execute every routine already: .*separate account, without other/,
    });
  });
}

test('A role of the server can get a role, and lose it.', async (t) => {
  const installation = await createInstallation(t, []);
  const { name, url, query, account } = installation;
  const role = `${name}.role`;
  await query(`CREATE ROLE \`${role}\``);
  t.teardown(() => query(`DROP ROLE \`${role}\``));
  await grant({ connection: url }, role);
  await query(`GRANT \`${role}\` TO ${account.name}`);
  const app = openDatabase(t, Object.assign(new URL(account.url), { pathname: '' }).href);
  await app.withConnection(async (connection) => {
    await connection.query(`SET ROLE \`${role}\``);
    await connection.query(`CALL ${name}.sess_set('a', '{}', 60000)`);
    t.is((await connection.query(`CALL ${name}.sess_get('a')`)).length, 1);
  });
  t.deepEqual(await install({ connection: url }), []);
  t.is((await doctor({ connection: url })).findings, 0);
  await revoke({ connection: url }, role);
  t.deepEqual((await status({ connection: url })).grants, []);
});

test('An account of others with the name of the definer is refused, and not touched.', async (t) => {
  const { name, url, query } = await createDatabase(t);
  const definer = `\`${name}.sess_\`@localhost`;
  await query('CREATE TABLE orders (id INT)');
  await query(`CREATE USER ${definer} IDENTIFIED BY 'aA1!known'`);
  await query(`GRANT SELECT ON orders TO ${definer}`);
  await t.throwsAsync(install({ connection: url }), {
    instanceOf: InstallationError,
    message: /another purpose: SELECT ON .*orders.*--prefix.*DROP USER/,
  });
  const [row] = await query(`SHOW CREATE USER ${definer}`);
  t.notRegex(String(row?.[0]), / ACCOUNT LOCK\b/);
});

test('An account without privileges that has the name of the definer is locked.', async (t) => {
  const { name, url, query } = await createDatabase(t);
  const definer = `\`${name}.sess_\`@localhost`;
  await query(`CREATE USER ${definer} IDENTIFIED BY 'aA1!known'`);
  await install({ connection: url });
  t.is((await doctor({ connection: url })).findings, 0);
  await rollback({ connection: url }, 0);
});
