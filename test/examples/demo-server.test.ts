import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { findServer, type Server, type Sources, sourcesOf } from '../../examples/demo/server';
import { openDatabase } from '../support/database';
import { installedTest } from '../support/servers/test-helpers';
import { waitUntil } from '../support/wait-until';

/** A machine without a server. */
const bare: Sources = { url: undefined, folders: [], docker: 'no-docker-here' };
/** A machine with the installed servers. */
const installed: Sources = { ...bare, folders: sourcesOf(process.env).folders };

const given = process.env.MYSQL_URL ?? '';
const absent = 'mysql://dba:secret@127.0.0.1:1';

test('The demo uses the server of MYSQL_URL first.', async (t) => {
  const server = await find(t, { ...installed, url: given });
  t.is(server.url, Object.assign(new URL(given), { pathname: '' }).href);
  t.regex(server.title, /^(MariaDB|MySQL) \d[\d.]+, from MYSQL_URL \(/);
});

test('The demo ignores the database in MYSQL_URL.', async (t) => {
  const url = Object.assign(new URL(given), { pathname: '/mysql' }).href;
  t.is(new URL((await find(t, { ...bare, url })).url).pathname, '');
});

test('The demo does not stop the server of MYSQL_URL.', async (t) => {
  const server = await find(t, { ...bare, url: given });
  await server.stop();
  await t.notThrowsAsync(openDatabase(t, given).query('SELECT 1'));
});

test('If MYSQL_URL names no server, the demo does not look for another one.', async (t) => {
  const error = await t.throwsAsync(find(t, { ...installed, url: absent }));
  t.regex(error.message, /^MYSQL_URL is set, but connecting to 127\.0\.0\.1:1 failed: /);
});

test('The error about MYSQL_URL does not show the password.', async (t) => {
  const error = await t.throwsAsync(find(t, { ...bare, url: absent }));
  t.notRegex(error.message, /secret/);
});

test('If MYSQL_URL is not a URL, the error shows an example.', async (t) => {
  const error = await t.throwsAsync(find(t, { ...bare, url: 'localhost' }));
  t.regex(error.message, /Expected: mysql:\/\/root:PASSWORD@/);
});

installedTest('An installed server comes before Docker.', async (t) => {
  const { docker, calls } = await createDocker(t, given);
  const server = await find(t, { ...installed, docker });
  t.regex(server.title, /, started from \/\S+d$/);
  t.is(await calls(), '');
});

installedTest('The demo removes an installed server that it started.', async (t) => {
  const server = await find(t, installed);
  const database = openDatabase(t, server.url);
  const [row] = await database.query('SELECT @@datadir');
  await server.stop();
  await t.throwsAsync(openDatabase(t, server.url).query('SELECT 1'));
  t.false(existsSync(dirname(String(row?.[0]))));
});

test('Without a server, the error lists the choices and what to install.', async (t) => {
  const { message } = await t.throwsAsync(find(t, bare));
  for (const choice of [
    'export MYSQL_URL=mysql://',
    'Install MariaDB 10.6 or MySQL 8.0',
    'apt-get install mariadb-server',
    'Install and start Docker',
  ]) {
    t.true(message.includes(choice), choice);
  }
});

test('Without a server, the error says why each choice failed.', async (t) => {
  const { message } = await t.throwsAsync(find(t, bare));
  for (const reason of [
    'MYSQL_URL is not set.',
    'No mariadbd or mysqld is in PATH',
    'no-docker-here info --format {{.ServerVersion}} failed: it is not installed',
  ]) {
    t.true(message.includes(reason), reason);
  }
});

test('The demo skips an installed server that is too old.', async (t) => {
  const folder = await createFolder(t);
  const version = 'echo "mysqld  Ver 5.7.44 for Linux on x86_64"';
  await writeFile(join(folder, 'mysqld'), `#!/bin/sh\n${version}\n`, { mode: 0o755 });
  await t.throwsAsync(find(t, { ...bare, folders: [folder] }), {
    message: /it is MySQL 5\.7; expected 8\.0 or later/,
  });
});

test('An installed server that fails to start shows its last lines.', async (t) => {
  const folder = await createFolder(t);
  const script =
    '[ "$2" = --version ] && echo "mysqld  Ver 8.4.0" || { echo "disk full"; exit 1; }';
  await writeFile(join(folder, 'mysqld'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const error = await t.throwsAsync(find(t, { ...bare, folders: [folder] }));
  t.regex(error.message, /mysqld failed: disk full/);
});

installedTest('The demo starts the service of the compose file in Docker.', async (t) => {
  const { url } = await find(t, installed);
  const { docker, calls } = await createDocker(t, url);
  const server = await find(t, { ...bare, docker });
  t.regex(server.title, /, in Docker$/);
  t.regex(await calls(), /^compose --file \S+\/docker-compose\.mysql\.yml .* up mariadb$/m);
});

installedTest('The demo removes the service in Docker.', async (t) => {
  const { url } = await find(t, installed);
  const { docker, calls } = await createDocker(t, url);
  await (await find(t, { ...bare, docker })).stop();
  t.regex(await calls(), / down --volumes --timeout 0$/m);
});

test('A service in Docker that fails to start is removed, and the error says why.', async (t) => {
  const { docker, calls } = await createDocker(t, 'no such image');
  await t.throwsAsync(find(t, { ...bare, docker }), { message: /no such image/ });
  t.regex(await calls(), / down --volumes --timeout 0$/m);
});

test('An interruption stops a service in Docker that starts.', async (t) => {
  const { docker, calls } = await createDocker(t, absent);
  const interruption = new AbortController();
  const started = findServer(interruption.signal, { ...bare, docker });
  await waitUntil(async () => (await calls()).includes(' port mariadb '));
  interruption.abort(new Error('Interrupted by the test.'));
  await t.throwsAsync(started, { message: 'Interrupted by the test.' });
  t.regex(await calls(), / down --volumes --timeout 0$/m);
});

/** Finds a server, and stops it after the test. */
async function find(t: ExecutionContext, sources: Sources): Promise<Server> {
  const server = await findServer(new AbortController().signal, sources);
  t.teardown(() => server.stop());
  return server;
}

async function createFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'demo-server-'));
  // If root runs the tests, another account runs the server.
  await chmod(folder, 0o755);
  t.teardown(() => rm(folder, { recursive: true }));
  return folder;
}

/**
 * Creates a Docker client whose service is the server of the URL. `up` creates root@'%' there, with
 * the password of the service. Without a URL, `up` prints the text and fails.
 */
async function createDocker(t: ExecutionContext, service: string) {
  const folder = await createFolder(t);
  const calls = join(folder, 'calls');
  const docker = join(folder, 'docker');
  const up = join(folder, 'up.js');
  const isUrl = URL.canParse(service);
  await writeFile(calls, '');
  await writeFile(
    docker,
    `#!/bin/sh
echo "$*" >>'${calls}'
case $* in
  *' up '*) ${isUrl ? `exec '${process.execPath}' '${up}'` : `echo '${service}' >&2; exit 1`} ;;
  *' port '*) echo '${isUrl ? new URL(service).host : ''}' ;;
esac
`,
    { mode: 0o755 },
  );
  await writeFile(
    up,
    `const { createConnection } = require('${require.resolve('mysql2/promise')}');
const password = process.env.KNEX_MYSQL_SESSION_PASSWORD;
createConnection('${service}').then(async (connection) => {
  await connection.query('CREATE USER root@"%" IDENTIFIED BY ?', [password]);
  await connection.end();
}, () => undefined);
setInterval(() => undefined, 60_000);
`,
  );
  return { docker, calls: () => readFile(calls, 'utf8') };
}
