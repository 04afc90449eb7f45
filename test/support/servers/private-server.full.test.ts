import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createConnection } from 'mysql2/promise';
import { SharedScope } from '../scope';
import { startScript } from '../script';
import { eventually } from '../wait-until';
import { bootServer, type Server } from '.';
import {
  bootLocal,
  commandLines,
  installedMachine,
  installedTest,
  localTest,
  queryOnce,
  remainingTraces,
  tracesOf,
} from './test-helpers';

// Serial tests run before the others, which keep the processors busy with booting servers.
const foregroundTest = test.serial;

foregroundTest('A command in the foreground passes on its exit code.', async (t) => {
  const parent = startForeground(t, ['sh', '-c', 'exit 3']);
  t.deepEqual(await once(parent, 'exit'), [3, null]);
});

foregroundTest('A command in the foreground ends if its parent is killed.', async (t) => {
  const { parent, running } = await startSleep(t);
  parent.kill('SIGKILL');
  t.true(await eventually(() => running().length === 0));
});

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  foregroundTest(
    `${signal} ends a command in the foreground, and its parent exits with ${code}.`,
    async (t) => {
      const { parent, running } = await startSleep(t);
      parent.kill(signal);
      t.deepEqual(await once(parent, 'exit'), [code, null]);
      t.true(await eventually(() => running().length === 0));
    },
  );
}

const scope = new SharedScope();
let booted: Promise<Server> | undefined;

test.after.always(() => scope.end());

/** Boots the server that all tests share. */
function bootShared(): Promise<Server> {
  booted ??= bootLocal(scope, ['--max-allowed-packet=2M']);
  return booted;
}

localTest('The URL of a private server has a DBA and no database.', async (t) => {
  const { url } = await bootShared();
  t.is(new URL(url).pathname, '');
  await queryOnce(url, "CREATE USER someone@'%' IDENTIFIED BY 'secret'");
  await t.notThrowsAsync(queryOnce(url, "GRANT ALL PRIVILEGES ON *.* TO someone@'%'"));
});

localTest('A private server uses the flags of the caller.', async (t) => {
  const { url } = await bootShared();
  const [row] = await queryOnce(url, 'SELECT @@max_allowed_packet AS size');
  t.is(row?.size, 2 * 1024 * 1024);
});

installedTest('The error of an unknown flag names the flag.', async (t) => {
  await t.throwsAsync(bootServer({ machine: installedMachine, flags: ['--no-such-flag'] }), {
    message: /no-such-flag/,
  });
});

localTest('A private server has no account that can connect without a password.', async (t) => {
  const { url } = await bootShared();
  const accounts = await queryOnce(url, 'SELECT DISTINCT user AS name FROM mysql.user');
  const port = Number(new URL(url).port);
  for (const user of ['', ...accounts.map(({ name }) => String(name))]) {
    const attempt = createConnection({ host: '127.0.0.1', port, user, password: '' });
    await t.throwsAsync(attempt, undefined, `as '${user}'`);
  }
});

localTest('A private server listens on 127.0.0.1 only.', async (t) => {
  const { url } = await bootShared();
  const [row] = await queryOnce(url, 'SELECT @@bind_address AS address');
  t.is(row?.address, '127.0.0.1');
});

localTest('A private server does not run as root.', async (t) => {
  const { directory } = await tracesOf((await bootShared()).url);
  t.not((await stat(join(directory, 'socket'))).uid, 0);
});

localTest('The directory of a private server is closed to other users.', async (t) => {
  const { directory } = await tracesOf((await bootShared()).url);
  t.is((await stat(directory)).mode & 0o777, 0o700);
});

localTest('A stopped server leaves nothing, and can be stopped again.', async (t) => {
  const server = await bootLocal(t);
  const traces = await tracesOf(server.url);
  await server.stop();
  t.deepEqual(remainingTraces(traces), []);
  await t.notThrowsAsync(server.stop());
});

/** Starts a process that runs a command in the foreground. */
function startForeground(t: ExecutionContext, args: string[]) {
  const parent = startScript(
    `require('./test/support/servers/supervisor')
      .runForeground(process.argv.slice(1), process.env)
      .then(({ code }) => { process.exitCode = code; });`,
    { args },
  );
  t.teardown(() => parent.kill('SIGKILL'));
  return parent;
}

/** Starts a long command. Its argument identifies it in the list of processes. */
async function startSleep(t: ExecutionContext) {
  const seconds = `${randomInt(1e6, 1e7)}.5`;
  const parent = startForeground(t, ['sh', '-c', `echo started; exec sleep ${seconds}`]);
  await once(parent.stdout, 'data');
  const running = () => commandLines().filter((line) => line.includes(seconds));
  t.true(running().length > 0);
  return { parent, running };
}
