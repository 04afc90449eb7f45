import { dirname } from 'node:path';
import test from 'ava';
import { createInstallation } from '../store';
import { bootNamed, bootServer, findServer, parseServerName, thisMachine } from '.';
import {
  emptyMachine,
  localMachine,
  localTest,
  programThatPrints,
  queryOnce,
} from './test-helpers';

const unreachable = 'mysql://dba:secret@127.0.0.1:1';

/** The server of this run, without a database. */
const given = Object.assign(new URL(process.env.MYSQL_URL ?? ''), { pathname: '' }).href;

test('MYSQL_URL comes before all other sources, without its database.', async (t) => {
  const server = await findServer({ machine: { ...localMachine, url: `${given}/mysql` } });
  t.is(server.url, given);
});

test('The server of MYSQL_URL still runs after it was stopped.', async (t) => {
  const server = await findServer({ machine: { ...emptyMachine, url: given } });
  await server.stop();
  await t.notThrowsAsync(queryOnce(given, 'SELECT 1'));
});

localTest('A MYSQL_URL without an answer is an error, and the search ends.', async (t) => {
  await t.throwsAsync(findServer({ machine: { ...localMachine, url: unreachable } }), {
    message: /^MYSQL_URL is set/,
  });
});

test("The error for an application's MYSQL_URL says what to do.", async (t) => {
  const { accountUrl } = await createInstallation(t);
  await t.throwsAsync(findServer({ machine: { ...emptyMachine, url: accountUrl } }), {
    message: /^MYSQL_URL has the account \S+@%, .* The suite creates .* Unset MYSQL_URL/,
  });
});

test('No error shows the password of MYSQL_URL.', async (t) => {
  const error = await t.throwsAsync(findServer({ machine: { ...emptyMachine, url: unreachable } }));
  t.notRegex(String(error), /secret/);
});

localTest('A test that boots a server never gets the server of MYSQL_URL.', async (t) => {
  const server = await bootServer({ machine: { ...localMachine, url: given } });
  t.teardown(server.stop);
  t.not(server.url, given);
});

test('Without a server, the error lists every source and why it has none.', async (t) => {
  const error = await t.throwsAsync(findServer({ machine: emptyMachine }));
  for (const line of [
    /set MYSQL_URL .*: it is not set/,
    /install MariaDB or MySQL: no mariadbd or mysqld/,
    /start Docker: no-docker-here: /,
    /let apt-get reach its mirrors: no-apt-get-here: /,
  ]) {
    t.regex(error.message, line);
  }
});

test('A server that is too old is not used.', async (t) => {
  const program = await programThatPrints(t, 'mysqld', 'mysqld  Ver 5.7.44 for Linux on x86_64');
  await t.throwsAsync(findServer({ machine: { ...emptyMachine, folders: [dirname(program)] } }), {
    message: /older than 8\.0/,
  });
});

test('An unknown name of a server is an error that lists the known names.', (t) => {
  t.throws(() => parseServerName('mysql-5.5'), {
    message: /'mysql-5\.5'.*mariadb-10\.11.*mysql-9\.7/,
  });
});

test('TEST_SERVER names the server that every test of a run boots.', (t) => {
  t.is(thisMachine({ TEST_SERVER: 'mysql-9.7' }).name, 'mysql-9.7');
  t.throws(() => thisMachine({ TEST_SERVER: 'mysql' }), { message: /Unknown server 'mysql'/ });
});

test('An installed server of another release is not used, and the error names it.', async (t) => {
  const program = await programThatPrints(t, 'mysqld', 'mysqld  Ver 8.4.2 for Linux on x86_64');
  await t.throwsAsync(
    bootNamed('mysql-9.7', { machine: { ...emptyMachine, folders: [dirname(program)] } }),
    {
      message: /mysqld is another release: mysqld {2}Ver 8\.4\.2/,
    },
  );
});

test('Without a named server, the error names it and every source except MYSQL_URL.', async (t) => {
  const { message } = await t.throwsAsync(
    findServer({ machine: { ...emptyMachine, name: 'mysql-9.7' } }),
  );
  for (const part of [
    'no MySQL 9.7',
    'install MySQL 9.7',
    'start Docker',
    'let apt-get reach its mirrors',
  ]) {
    t.true(message.includes(part), part);
  }
  t.notRegex(message, /MYSQL_URL/);
});
