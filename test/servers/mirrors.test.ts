import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { testFolder } from './helpers/folder';
import { debianMirrors } from './mirrors';

test("Debian's mirrors are those of apt's sources, each once", async (t) => {
  const aptGet = await aptGetThatPrints(t, [
    'http://mirror.example/debian/dists/bookworm/InRelease',
    'http://mirror.example/debian/dists/bookworm/main/binary-amd64/Packages.xz',
    'http://mirror.example/debian/dists/trixie/InRelease',
    'mirror+file:/etc/apt/mirrors/debian.list/dists/bookworm/InRelease',
  ]);
  t.deepEqual(await debianMirrors(aptGet), [
    'http://mirror.example/debian',
    'mirror+file:/etc/apt/mirrors/debian.list',
  ]);
});

test('an archive of additions is no mirror of Debian', async (t) => {
  const aptGet = await aptGetThatPrints(t, [
    'http://mirror.example/debian/dists/bookworm/InRelease',
    'http://security.example/debian-security/dists/bookworm-security/InRelease',
  ]);
  t.deepEqual(await debianMirrors(aptGet), ['http://mirror.example/debian']);
});

test('the sources of another system have no mirror of Debian', async (t) => {
  const aptGet = await aptGetThatPrints(t, ['http://archive.example/ubuntu/dists/noble/InRelease']);
  await t.throwsAsync(debianMirrors(aptGet), { message: /none of apt's sources is a mirror of Debian/ });
});

async function aptGetThatPrints(t: ExecutionContext, addresses: string[]): Promise<string> {
  const aptGet = join(await testFolder(t), 'apt-get');
  const lines = addresses.map((address) => `'${address}' file 0`);
  await writeFile(aptGet, `#!/bin/sh\ncat <<END\n${lines.join('\n')}\nEND\n`);
  await chmod(aptGet, 0o755);
  return aptGet;
}
