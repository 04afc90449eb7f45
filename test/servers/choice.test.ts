import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { bootServer, findServer } from '.';
import { testFolder } from './helpers/folder';
import { bare, bootLocal, installedTest, local, localTest } from './helpers/local';
import { query } from './helpers/traces';

localTest('MYSQL_URL comes before everything else', async (t) => {
  const given = await bootLocal();
  t.teardown(given.stop);
  const server = await findServer({ ...local, url: given.url });
  t.is(server.url, given.url);
});

localTest('a database in MYSQL_URL is left out', async (t) => {
  const given = await bootLocal();
  t.teardown(given.stop);
  const server = await findServer({ ...bare, url: `${given.url}/mysql` });
  t.is(server.url, given.url);
});

localTest('a server that MYSQL_URL names is not stopped', async (t) => {
  const given = await bootLocal();
  t.teardown(given.stop);
  const server = await findServer({ ...bare, url: given.url });
  await server.stop();
  await t.notThrowsAsync(query(given.url, 'SELECT 1'));
});

localTest('a MYSQL_URL where nobody answers is an error, and no reason to look further', async (t) => {
  await t.throwsAsync(findServer({ ...local, url: 'mysql://dba:secret@127.0.0.1:1' }), {
    message: /^MYSQL_URL is set/,
  });
});

test('no error shows the password of MYSQL_URL', async (t) => {
  const error = await t.throwsAsync(findServer({ ...bare, url: 'mysql://dba:secret@127.0.0.1:1' }));
  t.notRegex(String(error), /secret/);
});

localTest("a server of one's own is never the one that MYSQL_URL names", async (t) => {
  const given = await bootLocal();
  t.teardown(given.stop);
  const server = await bootServer({ machine: { ...local, url: given.url } });
  t.teardown(server.stop);
  t.not(server.url, given.url);
});

installedTest('an installed server comes before Docker and packages', async (t) => {
  const server = await findServer({ ...bare, folders: local.folders });
  t.teardown(server.stop);
  t.regex(server.origin, /(mariadbd|mysqld), booted privately/);
});

test('without any server the error names every choice', async (t) => {
  const error = await t.throwsAsync(findServer(bare));
  for (const choice of ['set MYSQL_URL', 'install MariaDB or MySQL', 'start Docker', 'let apt-get reach']) {
    t.true(error.message.includes(choice), choice);
  }
});

test('without any server the error tells why each choice was not taken', async (t) => {
  const error = await t.throwsAsync(findServer(bare));
  for (const reason of ['it is not set', 'no mariadbd or mysqld', 'no-docker-here: ', 'no-apt-get-here: ']) {
    t.true(error.message.includes(reason), reason);
  }
});

test('a server that is too old is passed over', async (t) => {
  const folder = await testFolder(t);
  const program = join(folder, 'mysqld');
  await writeFile(program, '#!/bin/sh\necho "mysqld  Ver 5.7.44 for Linux on x86_64"\n');
  await chmod(program, 0o755);
  await t.throwsAsync(findServer({ ...bare, folders: [folder] }), { message: /older than 8\.0/ });
});
