import test, { type ExecutionContext } from 'ava';
import { DatabaseError } from '../../../src';
import { runCli } from '../../cli/run-cli';
import { bootForFile } from '../../support/boot';
import { createDatabase } from '../../support/database';
import { createInstallation, passwordOf, type TestInstallation } from './accounts';
import { assertSessionIsStored, type Connection, openStore } from './store';

bootForFile();

const plugin = 'caching_sha2_password';

/** Returns an installation whose account uses the plugin; undefined if the server lacks it. */
async function createSha2Installation(t: ExecutionContext): Promise<TestInstallation | undefined> {
  const { name, query } = await createDatabase(t);
  const [row] = await query(
    `SELECT VERSION(), EXISTS (SELECT 1 FROM information_schema.plugins
     WHERE plugin_name = '${plugin}' AND plugin_status = 'ACTIVE')`,
  );
  const [version, isActive] = row ?? [];
  if (Number(isActive) !== 1) {
    t.log(`Skipped: ${version} does not have ${plugin}.`);
    await t.throwsAsync(query(`CREATE USER '${name}.sha2'@'%' IDENTIFIED WITH ${plugin}`), {
      message: /plugin/i,
    });
    return undefined;
  }
  const installation = await createInstallation(
    t,
    (password) => `IDENTIFIED WITH ${plugin} BY '${password}'`,
  );
  // The server forgets its cache of logins. The next login has to send the password itself.
  await query('FLUSH PRIVILEGES');
  return installation;
}

const transports: Record<string, (url: string) => Connection> = {
  'a plain connection': (url) => url,
  TLS: (uri) => ({ uri, ssl: { rejectUnauthorized: false } }),
};

for (const [name, connection] of Object.entries(transports)) {
  test.serial(`An account with ${plugin} logs in over ${name} for the first time.`, async (t) => {
    const installation = await createSha2Installation(t);
    if (installation) {
      await assertSessionIsStored(t, connection(installation.account.url));
    }
  });

  test.serial(
    `An account with ${plugin} logs in over ${name} again, from the server's cache.`,
    async (t) => {
      const installation = await createSha2Installation(t);
      if (installation) {
        await openStore(t, installation.account.url).ready();
        await assertSessionIsStored(t, connection(installation.account.url));
      }
    },
  );
}

test.serial(
  `The error for a wrong password with ${plugin} does not show the password.`,
  async (t) => {
    const installation = await createSha2Installation(t);
    if (installation) {
      const url = Object.assign(new URL(installation.account.url), { password: 'hunter2' });
      const error = await t.throwsAsync(openStore(t, url.href).ready(), {
        instanceOf: DatabaseError,
        message: /Access denied/,
      });
      t.false(JSON.stringify([error, error?.stack]).includes('hunter2'));
    }
  },
);

test.serial(`A command works for an account with ${plugin}.`, async (t) => {
  const installation = await createSha2Installation(t);
  if (installation) {
    const { account, query } = installation;
    await query(`GRANT ALL ON *.* TO ${account.name}`);
    await query('FLUSH PRIVILEGES');
    const url = Object.assign(new URL(account.url), { password: '' }).href;
    const environment = { MYSQL_PWD: passwordOf(account.url) };
    t.like(await runCli(['status', '--url', url], environment), { code: 0, stderr: '' });
  }
});
