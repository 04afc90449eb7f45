import test from 'ava';
import { Database } from '../../src/database';
import { install } from '../../src/install';
import { createDatabase } from '../database';
import { runCli } from './cli';

function changed(
  url: string,
  change: Partial<Pick<URL, 'hostname' | 'port' | 'username' | 'password' | 'pathname'>>,
): string {
  return Object.assign(new URL(url), change).href;
}

test.serial('A password comes from the environment where the URL has none.', async (t) => {
  const { url } = await createDatabase(t);
  const { password } = new URL(url);
  const environment = {
    MYSQL_URL: changed(url, { password: '' }),
    MYSQL_PWD: decodeURIComponent(password),
  };
  t.like(await runCli(['status', '--json'], environment), { code: 3, stderr: '' });
});

const failures: Array<[what: string, change: Parameters<typeof changed>[1], sentence: RegExp]> = [
  [
    'A server that is not there',
    { port: '1' },
    /^error: \S+:1 refuses connections: is the server running there\?\n$/,
  ],
  [
    'A host that is not there',
    { hostname: 'nowhere.invalid' },
    /^error: The host of nowhere\.invalid:\d+ can't be found\n$/,
  ],
  ['A wrong password', { password: 'hunter2' }, /^error: Access denied for user .*MYSQL_PWD.*\n$/],
  [
    'A database that is not there',
    { pathname: '/no_such_database' },
    /^error: Unknown database 'no_such_database' at \S+:\d+\. Create it first, with CREATE DATABASE\n$/,
  ],
];
for (const [what, change, sentence] of failures) {
  test.serial(`${what} is told in one sentence, with exit code 1.`, async (t) => {
    const { url } = await createDatabase(t);
    const { code, stdout, stderr } = await runCli(['migrate', '--url', changed(url, change)]);
    t.is(code, 1);
    t.is(stdout, '');
    t.regex(stderr, sentence);
    t.notRegex(stderr, /hunter2/);
  });
}

test.serial('A socket that is not there is told in one sentence.', async (t) => {
  t.like(await runCli(['status', '--url', 'mysql://dba@localhost/shop', '--socket', '/no/such.sock']), {
    code: 1,
    stdout: '',
    stderr: 'error: There is no socket /no/such.sock: is the server running?\n',
  });
});

// Asked by connecting: MariaDB 11.4 and later make a certificate of their own, which no variable shows.
async function offersTls(url: string): Promise<boolean> {
  const database = Database.open({ uri: url, ssl: { rejectUnauthorized: false } });
  try {
    await database.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await database.close();
  }
}

test.serial('--ssl-mode REQUIRED connects with TLS or not at all.', async (t) => {
  const { url, query, createAccount } = await createDatabase(t);
  await install({ connection: url });
  const account = await createAccount();
  await query(`GRANT ALL ON *.* TO ${account.name}`);
  await query(`ALTER USER ${account.name} REQUIRE SSL`);
  const args = ['status', '--url', account.url];
  if (await offersTls(url)) {
    t.is((await runCli(args)).code, 1);
    t.like(await runCli([...args, '--ssl-mode', 'REQUIRED']), { code: 0, stderr: '' });
  } else {
    t.like(await runCli([...args, '--ssl-mode', 'REQUIRED']), { code: 1, stdout: '' });
  }
});

test.serial('A URL that asks for TLS as hosting companies write it gets it.', async (t) => {
  const { url, query, createAccount } = await createDatabase(t);
  await install({ connection: url });
  const account = await createAccount();
  await query(`GRANT ALL ON *.* TO ${account.name}`);
  const { code, stderr } = await runCli(['status', '--url', `${account.url}?ssl-mode=REQUIRED`]);
  if (await offersTls(url)) {
    t.is(code, 0);
  } else {
    t.is(code, 1);
    t.regex(stderr, /offers no TLS/);
  }
});
