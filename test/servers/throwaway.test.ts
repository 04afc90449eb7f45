import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { bootServer } from '.';
import { bare, bootLocal, installedTest, local, localTest } from './helpers/local';
import { offspring } from './helpers/offspring';
import { soon } from './helpers/soon';
import { leftOf, query, tracesOf } from './helpers/traces';

localTest('a throwaway server answers its administrator', async (t) => {
  const server = await bootLocal();
  t.teardown(server.stop);
  const [row] = await query(server.url, 'SELECT 1 + 1 AS sum');
  t.is(row?.sum, 2);
});

localTest('its URL names no database', async (t) => {
  const server = await bootLocal();
  t.teardown(server.stop);
  t.is(new URL(server.url).pathname, '');
});

localTest('it takes flags', async (t) => {
  const server = await bootLocal(['--max-allowed-packet=2M']);
  t.teardown(server.stop);
  const [row] = await query(server.url, 'SELECT @@max_allowed_packet AS size');
  t.is(row?.size, 2 * 1024 * 1024);
});

installedTest('a flag that it does not know is named in the error', async (t) => {
  const machine = { ...bare, folders: local.folders };
  await t.throwsAsync(bootServer({ machine, flags: ['--no-such-flag'] }), { message: /no-such-flag/ });
});

localTest('its administrator may create accounts and pass rights on', async (t) => {
  const server = await bootLocal();
  t.teardown(server.stop);
  await query(server.url, "CREATE USER someone@'%' IDENTIFIED BY 'secret'");
  await t.notThrowsAsync(query(server.url, "GRANT ALL PRIVILEGES ON *.* TO someone@'%'"));
});

localTest('it lets nobody in over TCP without a password', async (t) => {
  const server = await bootLocal();
  t.teardown(server.stop);
  const accounts = await query(server.url, 'SELECT DISTINCT user AS name FROM mysql.user');
  const { port } = new URL(server.url);
  for (const name of ['', ...accounts.map((account) => String(account.name))]) {
    const attempt = createConnection({ host: '127.0.0.1', port: Number(port), user: name, password: '' });
    await t.throwsAsync(attempt, undefined, `as '${name}'`);
  }
});

localTest('it listens on no address but this machine', async (t) => {
  const server = await bootLocal();
  t.teardown(server.stop);
  const [row] = await query(server.url, 'SELECT @@bind_address AS address');
  t.is(row?.address, '127.0.0.1');
});

localTest('it does not run as root', async (t) => {
  const server = await bootLocal();
  t.teardown(server.stop);
  const { directory } = await tracesOf(server.url);
  const socket = await stat(join(directory, 'socket'));
  t.not(socket.uid, 0);
});

localTest('its directory is closed to other users', async (t) => {
  const server = await bootLocal();
  t.teardown(server.stop);
  const { mode } = await stat((await tracesOf(server.url)).directory);
  t.is(mode & 0o777, 0o700);
});

localTest('nothing is left of it once it is stopped', async (t) => {
  const server = await bootLocal();
  const traces = await tracesOf(server.url);
  await server.stop();
  t.deepEqual(leftOf(traces), []);
});

localTest('stopping it again does no harm', async (t) => {
  const server = await bootLocal();
  await server.stop();
  await t.notThrowsAsync(server.stop());
});

localTest('nothing is left of it when it dies by itself', async (t) => {
  const server = await bootLocal();
  const traces = await tracesOf(server.url);
  process.kill(traces.pid, 'SIGKILL');
  t.true(await soon(() => leftOf(traces).length === 0));
});

localTest('nothing is left of it when its parent is killed', async (t) => {
  const parent = await offspring(local, 'wait');
  const traces = await tracesOf(parent.url);
  await parent.kill();
  t.true(await soon(() => leftOf(traces).length === 0));
});

localTest('it does not keep its parent from exiting', async (t) => {
  const parent = await offspring(local, 'end');
  t.is(await parent.exited, 0);
});
