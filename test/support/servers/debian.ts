import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { cLibrary, findMirrors, readArchitecture, readSystemName, unpackPackages } from './apt';
import { cached } from './cache';
import { layoutFlags, libraryFolders, useOwnLoader } from './package-tree';
import { flavorOf, type ServerProgram, type ServerRelease, seriesOf, titleOf } from './server';
import { run } from './system';

/** Signs the packages of Debian on all mirrors. */
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Only tools that the tests do not call need Perl. */
const perl = /^(lib)?perl/;

/** Unpacks the MariaDB of this system's release into the cache. Needs no root, installs nothing. */
export async function unpackMariadb(aptGet: string): Promise<ServerProgram> {
  return mariadbIn(await unpackMariadbTree('mariadb', aptGet));
}

/** Unpacks MariaDB, more packages, and all their libraries into the cache. */
export async function unpackMariadbTree(
  name: string,
  aptGet: string,
  morePackages: readonly string[] = [],
): Promise<string> {
  await run([aptGet, '--version']);
  return cached(`${name}-${await readSystemName()}`, async (folder) => {
    const packages = ['mariadb-server-core', 'mariadb-client-core', ...morePackages];
    await unpackPackages(folder, { aptGet, packages, unneeded: [cLibrary, perl] });
    // The cache must not keep an incomplete tree.
    await access(join(folder, 'usr/sbin/mariadbd'));
  });
}

/**
 * Unpacks a package of this system's release into the cache. Returns the command of its program.
 *
 * @param program its path in the package
 */
export async function unpackProgram(
  aptGet: string,
  packageName: string,
  program: string,
): Promise<string[]> {
  await run([aptGet, '--version']);
  const tree = await cached(`${packageName}-${await readSystemName()}`, async (folder) => {
    await unpackPackages(folder, { aptGet, packages: [packageName], unneeded: [cLibrary, perl] });
    await access(join(folder, program));
  });
  return [...(await withLibraries(tree)), join(tree, program)];
}

/** Only this command gets the libraries, because other programs may need different ones. */
async function withLibraries(tree: string): Promise<string[]> {
  const folders = (await libraryFolders(tree)).map((folder) => join(tree, folder));
  return ['env', `LD_LIBRARY_PATH=${folders.join(':')}`];
}

/** Describes the MariaDB in a tree of `unpackMariadbTree`. */
export async function mariadbIn(tree: string): Promise<ServerProgram> {
  const environment = await withLibraries(tree);
  const command = [...environment, join(tree, 'usr/sbin/mariadbd')];
  const version = await run([...command, '--no-defaults', '--version']);
  return {
    flavor: flavorOf(version),
    version: version.trim(),
    command,
    installer: [...environment, join(tree, 'usr/bin/mariadb-install-db')],
    client: [...environment, join(tree, 'usr/bin/mariadb')],
    layout: await layoutFlags(tree),
    origin: `MariaDB from Debian's packages in ${tree}, booted privately`,
  };
}

/**
 * Unpacks a release from its Debian suite into the cache. The tree has all libraries and their
 * loader, so its programs run on every release of Debian.
 */
export async function unpackRelease(
  aptGet: string,
  release: ServerRelease,
): Promise<ServerProgram> {
  await run([aptGet, '--version']);
  const architecture = await readArchitecture();
  const { flavor, series, suite } = release;
  if (!suite) throw new Error(`no suite of Debian has ${titleOf(release)}`);
  const program = flavor === 'mysql' ? 'usr/sbin/mysqld' : 'usr/sbin/mariadbd';
  const versionIn = (folder: string) => run([join(folder, program), '--no-defaults', '--version']);

  const tree = await cached(`${flavor}-${series}-${suite}-${architecture}`, async (folder) => {
    const packages = [`${flavor}-server-core`, `${flavor}-client-core`];
    await unpackFromSuite(folder, suite, packages, aptGet);
    const version = await versionIn(folder);
    if (flavorOf(version) !== flavor || seriesOf(version) !== series) {
      throw new Error(`Debian ${suite} has ${version.trim()}, and not ${titleOf(release)}.`);
    }
  });
  return {
    flavor,
    version: (await versionIn(tree)).trim(),
    command: [join(tree, program)],
    installer: flavor === 'mariadb' ? [join(tree, 'usr/bin/mariadb-install-db')] : [],
    client: [join(tree, 'usr/bin', flavor)],
    layout: await layoutFlags(tree),
    origin: `${titleOf(release)} from the packages of Debian ${suite} in ${tree}, booted privately`,
  };
}

/** Unpacks MySQL Router from its Debian suite into the cache. */
export async function unpackRouter(aptGet: string): Promise<string> {
  await run([aptGet, '--version']);
  const suite = 'sid';
  return cached(`mysql-router-${suite}-${await readArchitecture()}`, (folder) =>
    unpackFromSuite(folder, suite, ['mysql-router'], aptGet),
  );
}

async function unpackFromSuite(
  folder: string,
  suite: string,
  packages: readonly string[],
  aptGet: string,
): Promise<void> {
  const sources = await sourcesOf(suite, aptGet, await readArchitecture());
  await unpackPackages(folder, { aptGet, packages, sources, unneeded: [perl] });
  await useOwnLoader(folder);
}

/** Returns all mirrors. One that is not a mirror of Debian fails the check of its signature. */
async function sourcesOf(suite: string, aptGet: string, architecture: string): Promise<string[]> {
  await access(keyring).catch(() => {
    throw new Error(
      `${keyring} does not exist: this is not Debian, or lacks its debian-archive-keyring`,
    );
  });
  const options = `[arch=${architecture} signed-by=${keyring}]`;
  return (await findMirrors(aptGet)).map((mirror) => `deb ${options} ${mirror} ${suite} main`);
}
