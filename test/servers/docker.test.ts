import { chmod, copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { bootServer, type Server } from '.';
import { testFolder } from './helpers/folder';
import { bare, bootLocal, local, localTest } from './helpers/local';
import { offspring } from './helpers/offspring';
import { soon } from './helpers/soon';

localTest("a server in Docker comes before Debian's packages", async (t) => {
  const docker = await standIn(t);
  const server = await bootServer({ machine: { ...docker.machine, aptGet: local.aptGet } });
  t.teardown(server.stop);
  t.is(new URL(server.url).host, docker.address);
});

localTest('flags reach the server in Docker, each as one word', async (t) => {
  const docker = await standIn(t);
  const server = await bootServer({
    machine: docker.machine,
    flags: ['--general-log', "--init-connect=SET @a = 'b'"],
  });
  t.teardown(server.stop);
  t.is(await docker.noted('flags'), `'--general-log' '--init-connect=SET @a = '\\''b'\\'''\n`);
});

localTest('the service is of the flavor and the release that are asked for', async (t) => {
  const docker = await standIn(t);
  const server = await bootServer({ machine: { ...docker.machine, name: 'mysql-9.7' } });
  t.teardown(server.stop);
  t.regex(await docker.noted('asked'), /up .* mysql$/m);
  t.is(await docker.noted('tag'), '9.7\n');
});

localTest('the service is taken down when its server is stopped', async (t) => {
  const docker = await standIn(t);
  const server = await bootServer({ machine: docker.machine });
  await server.stop();
  t.regex(await docker.noted('asked'), /down --volumes/);
});

localTest('the service is taken down when the parent of its server is killed', async (t) => {
  const docker = await standIn(t);
  const parent = await offspring(docker.machine, 'wait');
  await parent.kill();
  t.true(await soon(async () => (await docker.noted('asked')).includes('down --volumes')));
});

localTest('a service that does not start is taken down, and tells why', async (t) => {
  const docker = await standIn(t);
  await rm(docker.file('address'));
  await t.throwsAsync(bootServer({ machine: docker.machine }), { message: /no such image/ });
  t.regex(await docker.noted('asked'), /down --volumes/);
});

/** A Docker client whose service is a server on this machine, which it lets into with the service's password. */
async function standIn(t: ExecutionContext) {
  const server = await bootLocal();
  t.teardown(server.stop);
  const folder = await testFolder(t);
  const file = (name: string) => join(folder, name);
  const address = new URL(server.url).host;
  await copyFile(join(__dirname, 'helpers/docker-stand-in.sh'), file('docker'));
  await chmod(file('docker'), 0o755);
  await writeFile(file('address'), address);
  await writeFile(file('client'), clientScript(server), { mode: 0o755 });
  return {
    address,
    file,
    machine: { ...bare, docker: file('docker') },
    noted: (name: string) => readFile(file(name), 'utf8'),
  };
}

function clientScript({ client = [], url }: Server): string {
  const { hostname, port, username, password } = new URL(url);
  const settings = `--no-defaults --protocol=tcp --host=${hostname} --port=${port} --user=${username}`;
  return `#!/bin/sh\nMYSQL_PWD=${password} exec ${client.join(' ')} ${settings}\n`;
}
