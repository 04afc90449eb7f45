import { access } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import { DatabaseError } from '../../src';
import { grant, install } from '../../src/install';
import { runCli } from '../cli/cli';
import { createDatabase, type TestDatabase } from '../database';
import { bootForFile } from '../matrix/private-server';
import { type Connection, keepsASession, openStore } from './store';

bootForFile();

interface SocketInstallation extends TestDatabase {
  readonly socketPath: string;
  readonly user: string;
  readonly password: string;
}

/** An installation with an account that the server lets in over its socket alone; undefined without one. */
async function createSocketInstallation(t: ExecutionContext): Promise<SocketInstallation | undefined> {
  const database = await createDatabase(t);
  const { name, url, query } = database;
  const [row] = await query('SELECT @@socket');
  const socketPath = String(row?.[0]);
  try {
    await access(socketPath);
  } catch {
    t.log(`Skipped: the server's socket ${socketPath} is not on this machine, as in Docker.`);
    // A server that the tests booted on this machine comes with its client.
    t.is(process.env.TEST_CLIENT, undefined);
    return undefined;
  }
  const user = `${name}.socket`;
  const password = `aA1!${name}`;
  await install({ connection: url });
  await query(`CREATE USER '${user}'@'localhost' IDENTIFIED BY '${password}'`);
  await grant({ connection: url }, `'${user}'@'localhost'`);
  return { ...database, socketPath, user, password };
}

const ways: Record<string, (installation: SocketInstallation) => Connection> = {
  'a URL with socketPath': ({ name, user, password, socketPath }) =>
    `mysql://${user}:${encodeURIComponent(password)}@localhost/${name}?socketPath=${encodeURIComponent(socketPath)}`,
  'settings with socketPath': ({ name, user, password, socketPath }) => ({
    database: name,
    user,
    password,
    socketPath,
  }),
};

for (const [name, connection] of Object.entries(ways)) {
  test(`A store with ${name} works over the socket.`, async (t) => {
    const installation = await createSocketInstallation(t);
    if (installation) {
      await keepsASession(t, connection(installation));
    }
  });
}

test('The account of these tests is let in over the socket alone.', async (t) => {
  const installation = await createSocketInstallation(t);
  if (installation) {
    const { url, user: username, password } = installation;
    const store = openStore(t, Object.assign(new URL(url), { username, password }).href);
    await t.throwsAsync(store.ready(), { instanceOf: DatabaseError, message: /Access denied/ });
  }
});

test('A command with --socket works over the socket.', async (t) => {
  const installation = await createSocketInstallation(t);
  if (installation) {
    const { name, user, password, socketPath, query } = installation;
    await query(`GRANT ALL ON *.* TO '${user}'@'localhost'`);
    const args = ['status', '--url', `mysql://${user}@localhost/${name}`, '--socket', socketPath];
    t.like(await runCli(args, { MYSQL_PWD: password }), { code: 0, stderr: '' });
  }
});

test('A socket that is not there is no session that is not there.', async (t) => {
  const store = openStore(t, { socketPath: '/no/such.sock', user: 'app', database: 'shop' });
  await t.throwsAsync(store.get('a'), { instanceOf: DatabaseError, code: 'ERR_SOCKET_NOT_FOUND' });
});
