import test from 'ava';
import { Database } from '../../../src/database/database';
import { install } from '../../../src/install';
import { createInstallation } from '../../install/installation';
import { createDatabase } from '../../support/database';
import { runAtTerminal, testAtTerminal } from '../pseudo-terminal';
import { runCli } from '../run-cli';

type UrlParts = Partial<Pick<URL, 'hostname' | 'port' | 'username' | 'password' | 'pathname'>>;

function withParts(url: string, parts: UrlParts): string {
  return Object.assign(new URL(url), parts).href;
}

test.serial('MYSQL_PWD is used if the URL has no password.', async (t) => {
  const { url } = await createDatabase(t);
  const { password } = new URL(url);
  const environment = {
    MYSQL_URL: withParts(url, { password: '' }),
    MYSQL_PWD: decodeURIComponent(password),
  };
  t.like(await runCli(['status', '--json'], environment), { code: 3, stderr: '' });
});

testAtTerminal('A password at the prompt works, and is never shown.', async (t) => {
  const { account } = await createInstallation(t, ['cleaner']);
  const { code, screen } = await runAtTerminal(
    ['gc', '--password', '--url', withParts(account.url, { password: '' })],
    { MYSQL_PWD: 'not this one' },
    { question: 'Password of', keys: `${decodeURIComponent(new URL(account.url).password)}\r` },
  );
  t.is(code, 0);
  t.regex(screen, /0 expired sessions deleted\./);
  t.false(screen.includes(decodeURIComponent(new URL(account.url).password)));
});

const failures: Array<[what: string, parts: UrlParts, error: RegExp]> = [
  [
    'a server that does not run',
    { port: '1' },
    /^error: \S+:1 refuses connections\. Is the server running\?\n$/,
  ],
  [
    'an unknown host',
    { hostname: 'nowhere.invalid' },
    /^error: The host name of nowhere\.invalid:\d+ cannot be resolved\. Check the URL or the option file\n$/,
  ],
  ['a wrong password', { password: 'hunter2' }, /^error: Access denied for user .*MYSQL_PWD.*\n$/],
  [
    'an unknown database',
    { pathname: '/no_such_database' },
    /^error: Unknown database .* at \S+:\d+\. .*: CREATE DATABASE `no_such_database`;\n$/,
  ],
];
for (const [what, parts, expected] of failures) {
  test.serial(`The error for ${what} is one line, with exit code 1.`, async (t) => {
    const { url } = await createDatabase(t);
    const { code, stdout, stderr } = await runCli(['migrate'], {
      MYSQL_URL: withParts(url, parts),
    });
    t.is(code, 1);
    t.is(stdout, '');
    t.regex(stderr, expected);
    t.notRegex(stderr, /hunter2/);
  });
}

test.serial('The error for a missing socket is one line, with exit code 1.', async (t) => {
  t.like(
    await runCli(['status', '--url', 'mysql://dba@localhost/shop', '--socket', '/no/such.sock']),
    {
      code: 1,
      stdout: '',
      stderr: 'error: The socket /no/such.sock does not exist. Is the server running?\n',
    },
  );
});

// Only a connection shows it: MariaDB 11.4 and later create a certificate that no variable shows.
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
  const run = (...args: string[]) => runCli(['status', ...args], { MYSQL_URL: account.url });
  if (await offersTls(url)) {
    t.is((await run()).code, 1);
    t.like(await run('--ssl-mode', 'REQUIRED'), { code: 0, stderr: '' });
  } else {
    t.like(await run('--ssl-mode', 'REQUIRED'), { code: 1, stdout: '' });
  }
});

test.serial('The parameter ssl-mode of a URL turns TLS on.', async (t) => {
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
