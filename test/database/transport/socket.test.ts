import { access } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import { DatabaseError } from '../../../src';
import { grant, install } from '../../../src/install';
import { runCli } from '../../cli/run-cli';
import { bootForFile } from '../../support/boot';
import { createDatabase, type TestDatabase } from '../../support/database';
import { assertSessionIsStored, type Connection, openStore } from './store';

bootForFile();

interface SocketInstallation extends TestDatabase {
  readonly socketPath: string;
  readonly user: string;
  readonly password: string;
}

/** Returns an installation whose account can only use the socket; undefined without a socket. */
async function createSocketInstallation(
  t: ExecutionContext,
): Promise<SocketInstallation | undefined> {
  const database = await createDatabase(t);
  const { name, url, query } = database;
  const [row] = await query('SELECT @@socket');
  const socketPath = String(row?.[0]);
  try {
    await access(socketPath);
  } catch {
    t.log(
      `Skipped: the server's socket ${socketPath} is not on this machine. Docker is one reason.`,
    );
    // A server that the tests start on this machine also provides a client program.
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

const connections: Record<string, (installation: SocketInstallation) => Connection> = {
  'a URL with socketPath': ({ name, user, password, socketPath }) =>
    `mysql://${user}:${encodeURIComponent(password)}@localhost/${name}?socketPath=${encodeURIComponent(socketPath)}`,
  'settings with socketPath': ({ name, user, password, socketPath }) => ({
    database: name,
    user,
    password,
    socketPath,
  }),
};

for (const [name, connection] of Object.entries(connections)) {
  test(`A store with ${name} works over the socket.`, async (t) => {
    const installation = await createSocketInstallation(t);
    if (installation) {
      await assertSessionIsStored(t, connection(installation));
    }
  });
}

test('The account of these tests can only log in over the socket.', async (t) => {
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

test('A missing socket is an error, not a missing session.', async (t) => {
  const store = openStore(
    t,
    { socketPath: '/no/such.sock', user: 'app', database: 'shop' },
    // The store retries, for a server can come back.
    { retryBudget: 200 },
  );
  await t.throwsAsync(store.get('a'), { instanceOf: DatabaseError, code: 'ERR_SOCKET_NOT_FOUND' });
});
