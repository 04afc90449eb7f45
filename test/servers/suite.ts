import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { unpack } from './apt';
import type { Binary } from './binary';
import { cached } from './cache';
import { run } from './command';
import { startThroughLoader } from './loader';
import { debianMirrors } from './mirrors';
import { type Kind, titleOf } from './names';
import { flavorOf, seriesOf } from './server';
import { layoutOf } from './tree';

// Whatever the mirror, the packages are Debian's own.
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * A server from the packages of the Debian suite that has it, whichever release this machine runs: they are
 * unpacked into the cache with all the libraries that they need, and started through their own loader.
 */
export async function suiteServer(aptGet: string, kind: Kind): Promise<Binary> {
  await run([aptGet, '--version']);
  const architecture = (await run(['dpkg', '--print-architecture'])).trim();
  const { flavor, suite } = kind;
  const program = flavor === 'mysql' ? 'usr/sbin/mysqld' : 'usr/sbin/mariadbd';
  const versionOf = (folder: string) => run([join(folder, program), '--no-defaults', '--version']);

  const tree = await cached(`${flavor}-${kind.series}-${suite}-${architecture}`, async (folder) => {
    await unpack(folder, {
      aptGet,
      packages: [`${flavor}-server-core`, `${flavor}-client-core`],
      sources: await sources(aptGet, suite, architecture),
      // For tools beside the server, which nobody calls here.
      needless: /^(lib)?perl/,
    });
    await startThroughLoader(folder);
    const version = await versionOf(folder);
    if (flavorOf(version) !== flavor || seriesOf(version) !== kind.series) {
      throw new Error(`Debian ${suite} has ${version.trim()} now, and not ${titleOf(kind)}.`);
    }
  });
  return {
    flavor,
    version: (await versionOf(tree)).trim(),
    command: [join(tree, program)],
    installer: flavor === 'mariadb' ? [join(tree, 'usr/bin/mariadb-install-db')] : [],
    client: [join(tree, 'usr/bin', flavor)],
    layout: await layoutOf(tree),
    origin: `${titleOf(kind)} from the packages of Debian ${suite} in ${tree}, booted privately`,
  };
}

/** A mirror that is not really Debian's fails by its signature; then the others serve. */
async function sources(aptGet: string, suite: string, architecture: string): Promise<string[]> {
  await access(keyring).catch(() => {
    throw new Error(`${keyring} is not there: this is not Debian, or lacks its debian-archive-keyring`);
  });
  const options = `[arch=${architecture} signed-by=${keyring}]`;
  return (await debianMirrors(aptGet)).map((mirror) => `deb ${options} ${mirror} ${suite} main`);
}
