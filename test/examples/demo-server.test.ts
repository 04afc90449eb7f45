import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { findServer } from '../../examples/demo/server';
import { openDatabase } from '../support/database';
import { testFolder } from '../support/servers/test-helpers';
import { createInstallation } from '../support/store';
import { waitUntil } from '../support/wait-until';
import { bare, createDocker, find, installed } from './helpers/demo-server';

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

test("The error for an application's MYSQL_URL says what to do.", async (t) => {
  const { accountUrl } = await createInstallation(t);
  await t.throwsAsync(find(t, { ...bare, url: accountUrl }), {
    message: /^MYSQL_URL has the account \S+@%, .* The demo creates .* Unset MYSQL_URL/,
  });
});

test('The error about MYSQL_URL does not show the password.', async (t) => {
  const error = await t.throwsAsync(find(t, { ...bare, url: absent }));
  t.notRegex(error.message, /secret/);
});

test('If MYSQL_URL is not a URL, the error shows an example.', async (t) => {
  const error = await t.throwsAsync(find(t, { ...bare, url: 'localhost' }));
  t.regex(error.message, /Expected: mysql:\/\/root:PASSWORD@/);
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
  const folder = await testFolder(t);
  const version = 'echo "mysqld  Ver 5.7.44 for Linux on x86_64"';
  await writeFile(join(folder, 'mysqld'), `#!/bin/sh\n${version}\n`, { mode: 0o755 });
  await t.throwsAsync(find(t, { ...bare, folders: [folder] }), {
    message: /it is MySQL 5\.7; expected 8\.0 or later/,
  });
});

test('An installed server that fails to start shows its last lines.', async (t) => {
  const folder = await testFolder(t);
  const script =
    '[ "$2" = --version ] && echo "mysqld  Ver 8.4.0" || { echo "disk full"; exit 1; }';
  await writeFile(join(folder, 'mysqld'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const error = await t.throwsAsync(find(t, { ...bare, folders: [folder] }));
  t.regex(error.message, /mysqld failed: disk full/);
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
