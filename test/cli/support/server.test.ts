import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import test from 'ava';
import type { ConnectionFlags } from '../../../src/cli/support/command-options';
import { runInContext } from '../../../src/cli/support/process-context';
import { resolveServer } from '../../../src/cli/support/server';
import { ArgumentError } from '../../../src/errors';
import { createHome } from '../home';

async function resolve(flags: ConnectionFlags, env: NodeJS.ProcessEnv) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const server = await runInContext({ stdin, stdout, stderr, env }, () => resolveServer(flags));
  stderr.end();
  return { ...server, stderr: await text(stderr) };
}

const optionFile =
  '[client]\nhost=file.example\nport=3307\nuser=filer\npassword=from_file\n' +
  '[knex-mysql-session]\ndatabase=shop';
const MYSQL_URL = 'mysql://env:from_env@env.example/env';

test('The URL of the command line comes before all.', async (t) => {
  const HOME = createHome(t, optionFile);
  const { address, connection, database } = await resolve(
    { url: 'mysql://dba@url.example/shop_1' },
    { HOME, MYSQL_URL },
  );
  t.is(address, 'url.example:3306');
  t.is(database, 'shop_1');
  t.deepEqual(connection, { uri: 'mysql://dba@url.example' });
});

test('An option file of the command line comes before MYSQL_URL.', async (t) => {
  const HOME = createHome(t, optionFile);
  const { address, connection, database } = await resolve(
    { defaultsFile: join(HOME, '.my.cnf') },
    { HOME, MYSQL_URL },
  );
  t.is(address, 'file.example:3307');
  t.is(database, 'shop');
  t.deepEqual(connection, {
    host: 'file.example',
    port: 3307,
    user: 'filer',
    password: 'from_file',
  });
  const { address: suffixed } = await resolve({ defaultsGroupSuffix: '_x' }, { HOME, MYSQL_URL });
  t.is(suffixed, 'file.example:3307');
});

test('MYSQL_URL comes before ~/.my.cnf, and takes no password from it.', async (t) => {
  const HOME = createHome(t, optionFile);
  const url = 'mysql://env@env.example/env';
  const { address, connection } = await resolve({}, { HOME, MYSQL_URL: url });
  t.is(address, 'env.example:3306');
  t.deepEqual(connection, { uri: 'mysql://env@env.example' });
});

test('~/.my.cnf is used if nothing else names a server.', async (t) => {
  const HOME = createHome(t, optionFile);
  t.is((await resolve({}, { HOME, MYSQL_URL: '' })).address, 'file.example:3307');
});

test('Without any of them, the error lists what can name a server.', async (t) => {
  const HOME = createHome(t, '[mysqld]\nport=3307');
  await t.throwsAsync(resolve({}, { HOME }), {
    instanceOf: ArgumentError,
    message:
      /^Expected `url` to be a URL .*MYSQL_URL or DATABASE_URL .* option file .*\[client\], got none$/,
  });
});

test('A URL and an option file on one command line are refused.', async (t) => {
  await t.throwsAsync(resolve({ url: MYSQL_URL, defaultsFile: '/x.cnf' }, {}), {
    instanceOf: ArgumentError,
    message: /^Expected `url` to be given without --defaults-…/,
  });
});

test('Only a password in --url gives a warning, which does not show it.', async (t) => {
  const HOME = createHome(t, optionFile);
  const { stderr } = await resolve({ url: MYSQL_URL }, {});
  t.regex(stderr, /^warning: .* password in --url\. Use MYSQL_URL, --defaults-file, .*\n$/);
  t.notRegex(stderr, /from_env/);
  t.is((await resolve({}, { MYSQL_URL })).stderr, '');
  t.is((await resolve({}, { HOME })).stderr, '');
  t.is((await resolve({ url: 'mysql://dba@db.example/shop' }, {})).stderr, '');
});

test('DATABASE_URL is used after MYSQL_URL, if it is one of MySQL or MariaDB.', async (t) => {
  const HOME = createHome(t, optionFile);
  const addressOf = async (env: NodeJS.ProcessEnv) => (await resolve({}, { HOME, ...env })).address;
  t.is(await addressOf({ DATABASE_URL: 'mysql://a@other.example/b' }), 'other.example:3306');
  t.is(
    await addressOf({ MYSQL_URL, DATABASE_URL: 'mysql://a@other.example/b' }),
    'env.example:3306',
  );
  t.is(await addressOf({ DATABASE_URL: 'postgres://a@other.example/b' }), 'file.example:3307');
});

test('--env-file gives the variables that the environment does not set.', async (t) => {
  const HOME = createHome(t, optionFile);
  const envFile = join(HOME, '.env');
  writeFileSync(
    envFile,
    "# the DBA\nMYSQL_URL='mysql://dba@file.example/shop'\nMYSQL_PWD=from_file\n",
  );
  const found = await resolve({ envFile }, { HOME });
  t.deepEqual([found.address, found.database], ['file.example:3306', 'shop']);
  t.like(found, { connection: { password: 'from_file' } });
  t.is((await resolve({ envFile }, { HOME, MYSQL_URL })).address, 'env.example:3306');
  await t.throwsAsync(resolve({ envFile: join(HOME, 'none') }, { HOME }), {
    instanceOf: ArgumentError,
    message: /^Expected `env-file` to be a file that can be read, got .*none \(ENOENT\)$/,
  });
});

test('MYSQL_PWD is used if the option file has no password.', async (t) => {
  const env = { HOME: createHome(t, '[client]\nuser=dba'), MYSQL_PWD: 'from_env' };
  t.like(await resolve({}, env), { connection: { user: 'dba', password: 'from_env' } });
  const other = { HOME: createHome(t, optionFile), MYSQL_PWD: 'from_env' };
  t.like(await resolve({}, other), { connection: { password: 'from_file' } });
});

test('The default of an option file is this machine and its user.', async (t) => {
  const HOME = createHome(t, '[client]\nconnect-timeout=3\npassword=');
  t.like(await resolve({}, { HOME }), {
    address: 'localhost:3306',
    connection: { user: userInfo().username, password: '', connectTimeout: 3_000 },
    database: undefined,
  });
});

test('A socket of the option file or of --socket replaces the host.', async (t) => {
  const HOME = createHome(t, '[client]\nsocket=/file.sock');
  t.like(await resolve({}, { HOME }), {
    address: '/file.sock',
    connection: { socketPath: '/file.sock', host: undefined },
  });
  t.is((await resolve({ socket: '/flag.sock' }, { HOME })).address, '/flag.sock');
});

test('TLS of the option file is TLS of the connection.', async (t) => {
  const HOME = createHome(t, '[client]\nhost=db.example\nssl-mode=VERIFY_IDENTITY');
  const ssl = { rejectUnauthorized: true, verifyIdentity: true };
  t.like(await resolve({}, { HOME }), { connection: { ssl } });
  t.is((await resolve({ sslMode: 'DISABLED' }, { HOME })).connection.ssl, undefined);
});

test('A password without a value in the option file is asked for at a terminal.', async (t) => {
  const HOME = createHome(t, '[client]\nuser=dba\npassword');
  await t.throwsAsync(resolve({}, { HOME }), { message: /at a terminal .*, got no terminal$/ });
});

test('A URL keeps its parameters, and gives its database apart.', async (t) => {
  const url = 'mariadb://dba:s%40cret@[::1]:3307/my%2Dshop?charset=utf8mb4&ssl-mode=DISABLED';
  t.like(await resolve({}, { MYSQL_URL: url }), {
    address: '[::1]:3307',
    connection: { uri: 'mariadb://dba:s%40cret@[::1]:3307?charset=utf8mb4' },
    database: 'my-shop',
  });
});

for (const [url, got] of [
  ['', 'no URL'],
  ['db.example', 'no URL'],
  ['mysql://dba:se#cret@db.example/shop', '%23 for #'],
  ['postgres://dba:secret@db.example/shop', 'mysql:// or mariadb://'],
  ['mysql://dba:secret@db.example/shop/sessions', 'the name of a database'],
  ['mysql://dba:100%secret@db.example/shop', '%25'],
] as const) {
  test(`A refused URL is not shown, but the reason is: ${url}`, async (t) => {
    const error = await t.throwsAsync(resolve({ url }, {}), { instanceOf: ArgumentError });
    t.regex(String(error?.message), /^Expected `url` to be a URL such as mysql:\/\/app@/);
    t.true(error?.message.includes(got), error?.message);
    t.notRegex(String(error?.message), /cret/);
  });
}
