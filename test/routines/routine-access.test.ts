import test from 'ava';
import knex from 'knex';
import type { Connection } from 'mysql2';
import { InstallationError, MySQLSessionStore, RoutineNotGrantedError } from '../../src';
import { contractVersion } from '../../src/contract';
import { install } from '../../src/install';
import { runCli } from '../cli/run-cli';
import { createDatabase } from '../support/database';
import { createInstallation, openStore, session } from '../support/store';

test('ready() resolves if the account may call the routines.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  await t.notThrowsAsync(async () => openStore(t, accountUrl).ready());
});

test('Without the routines, ready() names the command that installs them.', async (t) => {
  const { name, url } = await createDatabase(t);
  await t.throwsAsync(async () => openStore(t, url).ready(), {
    instanceOf: InstallationError,
    message: new RegExp(`: npx knex-mysql-session migrate --database ${name}$`),
  });
});

test('For an account without grants, ready() names the command that grants the role.', async (t) => {
  const { url, createAccount } = await createDatabase(t);
  await install({ connection: url });
  const account = await createAccount();
  const { message } = await t.throwsAsync(async () => openStore(t, account.url).ready(), {
    instanceOf: RoutineNotGrantedError,
  });
  const [, command = ''] = /npx knex-mysql-session (grant .+?)\. /.exec(message) ?? [];
  // The shell removes the quotes.
  const args = command.replaceAll("'", '').split(' ');
  const server = Object.assign(new URL(url), { pathname: '/' }).href;
  t.like(await runCli(args, { MYSQL_URL: server }), { code: 0 });
  await t.notThrowsAsync(async () => openStore(t, account.url).ready());
});

test('A denied call of one routine shows the GRANT for it, which is enough.', async (t) => {
  const { url, query, createAccount } = await createDatabase(t);
  await install({ connection: url });
  const account = await createAccount();
  await query(`GRANT EXECUTE ON PROCEDURE sess_get TO ${account.name}`);
  const { message } = await t.throwsAsync(async () => openStore(t, account.url).ready(), {
    instanceOf: RoutineNotGrantedError,
  });
  const [grant = ''] = /GRANT EXECUTE ON PROCEDURE .+$/.exec(message) ?? [];
  await query(grant);
  await t.notThrowsAsync(async () => openStore(t, account.url).ready());
});

test('An account without the role operator gets an error with the grant it lacks.', async (t) => {
  const { accountUrl } = await createInstallation(t, ['application']);
  await t.throwsAsync(async () => openStore(t, accountUrl).clear(), {
    instanceOf: RoutineNotGrantedError,
    message: /--role operator.*GRANT EXECUTE ON PROCEDURE `\w+`\.sess_clear TO '.+'@'%'$/,
  });
});

test('ready() refuses routines of an older contract, and names the command that upgrades them.', async (t) => {
  const { url, query } = await createDatabase(t);
  await query(
    'CREATE PROCEDURE sess_version () SELECT 0, 31, 1048576, 1, 0, VERSION(), @@hostname, 1',
  );
  await t.throwsAsync(async () => openStore(t, url).ready(), {
    instanceOf: InstallationError,
    message: new RegExp(
      `contract version 0, .* needs ${contractVersion}\\. .*knex-mysql-session migrate`,
    ),
  });
});

test('A connection without autocommit is refused before a session is lost.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  const pool = knex({
    client: 'mysql2',
    version: 'latest',
    connection: { uri: accountUrl },
    pool: {
      min: 0,
      afterCreate: (
        connection: Connection,
        done: (error: unknown, connection: Connection) => void,
      ) => connection.query('SET autocommit = 0', (error) => done(error, connection)),
    },
  });
  t.teardown(() => pool.destroy());
  const store = new MySQLSessionStore({ knex: pool, disableDbCleanup: true });
  await t.throwsAsync(async () => store.set('sid', session()), {
    instanceOf: InstallationError,
    message: /autocommit/,
  });
});

test('After a failed check, the next call works if the routines were installed since.', async (t) => {
  const { url } = await createDatabase(t);
  const store = openStore(t, url);
  await t.throwsAsync(async () => store.get('sid'), { instanceOf: InstallationError });
  await install({ connection: url });
  await store.set('sid', session('late'));
  t.is((await store.get('sid'))?.value, 'late');
});

test('A store checks the installation once, not at every call.', async (t) => {
  const installation = await createInstallation(t);
  const store = openStore(t, installation.accountUrl);
  await store.ready();
  await installation.query('DROP PROCEDURE sess_version');
  await t.notThrowsAsync(async () => store.get('sid'));
});
