import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { SharedScope } from '../scope';
import { eventually } from '../wait-until';
import { bootServer, type Server } from '.';
import {
  bootLocal,
  emptyMachine,
  localMachine,
  serialLocalTest,
  startServerParent,
  testFolder,
} from './test-helpers';

const scope = new SharedScope();
/** Plays the service of each test. */
let service: Promise<Server> | undefined;

test.after.always(() => scope.end());

// Each service has another password for the same account of the same server.
const dockerTest = serialLocalTest;

dockerTest("A server in Docker comes before Debian's packages.", async (t) => {
  const docker = await fakeDocker(t);
  const server = await bootServer({ machine: { ...docker.machine, aptGet: localMachine.aptGet } });
  t.teardown(server.stop);
  t.is(new URL(server.url).host, docker.address);
});

dockerTest('The server in Docker gets each flag as one word.', async (t) => {
  const docker = await fakeDocker(t);
  const server = await bootServer({
    machine: docker.machine,
    flags: ['--general-log', "--init-connect=SET @a = 'b'"],
  });
  t.teardown(server.stop);
  t.is(await docker.read('flags'), `'--general-log' '--init-connect=SET @a = '\\''b'\\'''\n`);
});

dockerTest('A named server in Docker has its flavor and release.', async (t) => {
  const docker = await fakeDocker(t);
  const server = await bootServer({ machine: { ...docker.machine, name: 'mysql-9.7' } });
  t.teardown(server.stop);
  t.regex(await docker.read('calls'), /up .* mysql$/m);
  t.is(await docker.read('tag'), '9.7\n');
});

dockerTest('The service ends with its server.', async (t) => {
  const docker = await fakeDocker(t);
  const server = await bootServer({ machine: docker.machine });
  await server.stop();
  t.regex(await docker.read('calls'), /down --volumes/);
});

dockerTest("The service ends if its server's parent is killed.", async (t) => {
  const docker = await fakeDocker(t);
  const parent = await startServerParent(docker.machine, 'wait');
  await parent.kill();
  t.true(await eventually(async () => (await docker.read('calls')).includes('down --volumes')));
});

dockerTest('A service that does not start is removed, and the error has the reason.', async (t) => {
  const docker = await fakeDocker(t);
  await rm(docker.file('address'));
  await t.throwsAsync(bootServer({ machine: docker.machine }), { message: /no such image/ });
  t.regex(await docker.read('calls'), /down --volumes/);
});

/**
 * Replaces the Docker client. It writes its arguments, the flags and the tag of the image to files
 * in its folder. The file `address` has the address of the service. The file `client` is a script
 * that creates the service's account. Without an address, no service starts.
 */
const dockerScript = `#!/bin/sh
here=$(dirname "$0")
echo "$*" >>"$here/calls"
echo "$KNEX_MYSQL_SESSION_FLAGS" >"$here/flags"
echo "$KNEX_MYSQL_SESSION_TAG" >"$here/tag"
case $* in
  *' up '*)
    test -e "$here/address" || { echo 'no such image' >&2; exit 1; }
    "$here/client" <<END
DROP USER IF EXISTS root@'%';
CREATE USER root@'%' IDENTIFIED BY '$KNEX_MYSQL_SESSION_PASSWORD';
END
    ;;
  *' port '*) cat "$here/address" ;;
esac
`;

async function fakeDocker(t: ExecutionContext) {
  service ??= bootLocal(scope);
  const { client, url } = await service;
  const folder = await testFolder(t);
  const file = (name: string) => join(folder, name);
  const address = new URL(url).host;
  await writeFile(file('docker'), dockerScript, { mode: 0o755 });
  await writeFile(file('address'), address);
  await writeFile(file('client'), clientScript(client, url), { mode: 0o755 });
  return {
    address,
    file,
    machine: { ...emptyMachine, docker: file('docker') },
    read: (name: string) => readFile(file(name), 'utf8'),
  };
}

/** Returns a script that runs SQL of its standard input. */
function clientScript(client: readonly string[] = [], url: string): string {
  const { hostname, port, username, password } = new URL(url);
  const command = [
    ...client,
    '--no-defaults',
    '--protocol=tcp',
    `--host=${hostname}`,
    `--port=${port}`,
    `--user=${username}`,
  ];
  return `#!/bin/sh\nMYSQL_PWD=${password} exec ${command.join(' ')}\n`;
}
