import test from 'ava';
import { MySQLSessionStore } from '../../../src';
import { InstallationError } from '../../../src/errors';
import { install } from '../../../src/install';
import { createDatabase } from '../../support/database';
import { bootNamed } from '../../support/servers';
import { readCatalog } from '../catalog';

/** Runs the GRANTs that an error prints. */
function grantsIn(error: Error | undefined): string[] {
  return [...String(error?.message).matchAll(/An administrator runs: (GRANT .*?);/g)].map(
    ([, grant = '']) => grant,
  );
}

test('An account without rights gets all GRANTs at once, and they are enough.', async (t) => {
  const database = await createDatabase(t);
  const { url: connection, name } = await database.createAccount();
  await database.query(`GRANT SELECT ON mysql.* TO ${name}`);
  await database.query(`GRANT SELECT ON ${database.name}.* TO ${name}`);
  const before = await readCatalog(database);
  const error = await t.throwsAsync(install({ connection, event: true }), {
    instanceOf: InstallationError,
    message: /^\d+ problems:\n- The account lacks INSERT ON .*lacks CREATE USER ON \*\.\*/s,
  });
  t.deepEqual(await readCatalog(database), before);
  for (const grant of grantsIn(error)) {
    await database.query(grant);
  }
  t.true((await install({ connection, event: true })).length > 0);
});

test('Missing rights and names in use are listed together.', async (t) => {
  const database = await createDatabase(t);
  await database.query('CREATE TABLE sessions (id INT)');
  await database.query('CREATE PROCEDURE sess_get() SELECT 1');
  const { url: connection, name } = await database.createAccount();
  await database.query(`GRANT SELECT ON mysql.* TO ${name}`);
  await database.query(`GRANT EXECUTE, SELECT ON ${database.name}.* TO ${name}`);
  await t.throwsAsync(install({ connection }), {
    instanceOf: InstallationError,
    message: /lacks INSERT.*The table `sessions` .* not marked.*Other procedures .* sess_get/s,
  });
});

test.serial('A server that is too old is refused, with all else that is missing.', async (t) => {
  // MariaDB can pretend to be another release, and can run without the plugin.
  const flags = ['--version=10.5.29-MariaDB', '--unix-socket=OFF'];
  const server = await bootNamed('mariadb-10.11', { flags });
  t.teardown(() => server.stop());
  const { MYSQL_URL } = process.env;
  process.env.MYSQL_URL = server.url;
  t.teardown(() => Object.assign(process.env, { MYSQL_URL }));
  const { url, query } = await createDatabase(t);
  await query('SET GLOBAL read_only = ON');
  await t.throwsAsync(install({ connection: url }), {
    instanceOf: InstallationError,
    message:
      /3 problems:\n- The server is MariaDB 10\.5\.29-MariaDB.*10\.6\.0 or later.*\n- The server is read-only.*\n- .*plugin unix_socket.*--definer current/s,
  });
});

test('A store refuses a server that is too old.', async (t) => {
  const { url, query } = await createDatabase(t);
  await query(
    "CREATE PROCEDURE sess_version() SELECT 1000, 100, 16777216, 1, 0, '8.0.13-log', 'db:3306', 1",
  );
  const store = new MySQLSessionStore({ connection: url, disableDbCleanup: true });
  t.teardown(() => store.close());
  await t.throwsAsync(store.ready(), {
    instanceOf: InstallationError,
    message: /^The server is MySQL 8\.0\.13-log, and this package needs MySQL 8\.0\.14 or later/,
  });
});
