import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { bootNamed, findServer, serverName, serverNames } from '.';
import { testFolder } from './helpers/folder';
import { bare, installedTest, local } from './helpers/local';
import { query } from './helpers/traces';
import { inspect, serverPrograms } from './installed';
import { thisMachine } from './machine';
import { kindOf } from './names';
import { seriesOf } from './server';

test('a name that no server has is an error that tells the names there are', (t) => {
  t.throws(() => serverName('mysql-5.5'), { message: /'mysql-5\.5'.*mariadb-10\.11.*mysql-9\.7/ });
});

test('TEST_SERVER names the server that every other server of a run is like', (t) => {
  t.is(thisMachine({ TEST_SERVER: 'mysql-9.7' }).name, 'mysql-9.7');
});

test('a TEST_SERVER that is no name is an error', (t) => {
  t.throws(() => thisMachine({ TEST_SERVER: 'mysql' }), { message: /No server is called 'mysql'/ });
});

for (const name of serverNames) {
  installedTest(`an installed server is ${name} if its version says so`, async (t) => {
    const machine = { ...bare, folders: local.folders };
    const { flavor, series } = kindOf(name);
    const [program = ''] = await serverPrograms(local.folders);
    const installed = await inspect(program, local.folders);
    if (installed.flavor !== flavor || seriesOf(installed.version) !== series) {
      await t.throwsAsync(bootNamed(name, machine), { message: /is another: / });
      return;
    }
    const server = await bootNamed(name, machine);
    t.teardown(server.stop);
    t.true(server.origin.startsWith(program));
    const [row] = await query(server.url, 'SELECT VERSION() AS version');
    t.true(String(row?.version).startsWith(series));
  });
}

test('without the named server the error names it and every other choice', async (t) => {
  const error = await t.throwsAsync(bootNamed('mysql-9.7', bare));
  for (const part of ['no MySQL 9.7 here', 'install MySQL 9.7', 'start Docker', 'let apt-get reach']) {
    t.true(error.message.includes(part), part);
  }
});

test('MYSQL_URL is not offered in the place of a named server', async (t) => {
  const error = await t.throwsAsync(findServer({ ...bare, name: 'mysql-9.7' }));
  t.notRegex(error.message, /MYSQL_URL/);
});

test('an installed server of another version is passed over, and named', async (t) => {
  const folder = await testFolder(t);
  const program = join(folder, 'mysqld');
  const script = '#!/bin/sh\necho "mysqld  Ver 8.4.2 for Linux on x86_64"\n';
  await writeFile(program, script, { mode: 0o755 });
  await t.throwsAsync(bootNamed('mysql-9.7', { ...bare, folders: [folder] }), {
    message: /mysqld is another: mysqld {2}Ver 8\.4\.2/,
  });
});
