import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unpack } from './apt';
import type { Binary } from './binary';
import { cached } from './cache';
import { run } from './command';
import { flavorOf } from './server';
import { layoutOf, libraryFolders } from './tree';

/**
 * MariaDB's server from this system's packages, unpacked into the cache together with the libraries that this
 * machine lacks. Nothing is installed, and no more rights are needed than to write to the cache.
 */
export async function debianServer(aptGet: string): Promise<Binary> {
  return packagedServer(await debianTree('packages', ['mariadb-server-core', 'mariadb-client-core'], aptGet));
}

/** Packages of this system, unpacked into the cache. */
export async function debianTree(name: string, packages: readonly string[], aptGet: string): Promise<string> {
  await run([aptGet, '--version']);
  return cached(await treeName(name), async (folder) => {
    await unpack(folder, { aptGet, packages });
    // Nothing that is not whole may be kept.
    await access(join(folder, 'usr/sbin/mariadbd'));
  });
}

/** MariaDB's server in such a tree. */
export async function packagedServer(tree: string): Promise<Binary> {
  // Given to these commands only, as the tree's libraries need not suit other programs.
  const folders = (await libraryFolders(tree)).map((folder) => join(tree, folder));
  const environment = ['env', `LD_LIBRARY_PATH=${folders.join(':')}`];
  const command = [...environment, join(tree, 'usr/sbin/mariadbd')];
  const version = await run([...command, '--no-defaults', '--version']);
  return {
    flavor: flavorOf(version),
    version: version.trim(),
    command,
    installer: [...environment, join(tree, 'usr/bin/mariadb-install-db')],
    client: [...environment, join(tree, 'usr/bin/mariadb')],
    layout: await layoutOf(tree),
    origin: `MariaDB from Debian's packages in ${tree}, booted privately`,
  };
}

/** A tree holds what one release on one architecture lacked, so it fits no other. */
async function treeName(name: string): Promise<string> {
  const architecture = await run(['dpkg', '--print-architecture']);
  const release = await readFile('/etc/os-release', 'utf8');
  const [, id = 'debian'] = /^ID="?([\w.-]+)/m.exec(release) ?? [];
  const [, codename = 'unknown'] = /^VERSION_CODENAME="?([\w.-]+)/m.exec(release) ?? [];
  return [name, id, codename, architecture.trim()].join('-');
}
