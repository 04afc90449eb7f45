import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './system';

export interface UnpackOptions {
  readonly aptGet: string;
  /** The packages to unpack with their dependencies. */
  readonly packages: readonly string[];
  /** Lines of a sources.list that replace the sources of this machine. */
  readonly sources?: readonly string[];
  /** The names of dependencies to leave out. */
  readonly unneeded: readonly RegExp[];
}

/** The package of the C library. The loader of this machine needs its own one. */
export const cLibrary = /^libc6$/;

/**
 * Downloads packages and unpacks them into a folder. Installs nothing. It unpacks a dependency that
 * is installed too: an update can remove it from this machine, but not from the folder.
 */
export async function unpackPackages(folder: string, options: UnpackOptions): Promise<void> {
  const scratch = join(folder, 'apt');
  const downloads = join(scratch, 'downloads');
  for (const name of ['downloads', 'lists/partial', 'cache/archives/partial']) {
    await mkdir(join(scratch, name), { recursive: true });
  }
  const { aptGet, packages, sources, unneeded } = options;
  const settings = {
    ...privateState(scratch),
    ...(sources ? await privateSources(scratch, sources) : {}),
  };
  const apt = [
    aptGet,
    '--quiet',
    ...Object.entries(settings).flatMap(([name, value]) => ['--option', `${name}=${value}`]),
  ];

  // The other sources can have the packages, so a failed source is no error yet.
  const failure = await run([...apt, 'update']).then(
    () => '',
    (error: Error) => `${error.message}\n`,
  );
  const names = await withDependencies(apt, packages).catch((error: Error) => {
    throw new Error(failure + error.message);
  });
  const needed = names.filter((name) => !unneeded.some((pattern) => pattern.test(name)));
  await run([...apt, 'download', ...needed], { folder: downloads });
  for (const file of await readdir(downloads)) {
    await run(['dpkg-deb', '--extract', join(downloads, file), folder]);
  }
  await rm(scratch, { recursive: true });
}

/**
 * A new machine has no lists, and only root can write the lists of the system. Without a status,
 * nothing is installed for apt-get.
 */
function privateState(scratch: string): Record<string, string> {
  return {
    'Dir::State': scratch,
    'Dir::State::status': '/dev/null',
    'Dir::State::lists': join(scratch, 'lists'),
    'Dir::Cache': join(scratch, 'cache'),
    // As root, apt-get would download as a user that cannot write here.
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    // Without it, apt-get only warns of a mirror that it does not reach.
    'APT::Update::Error-Mode': 'any',
    'Acquire::http::Timeout': '20',
    'Acquire::https::Timeout': '20',
  };
}

/** Keeps the proxies of this machine, but not its sources and preferences. */
async function privateSources(
  scratch: string,
  sources: readonly string[],
): Promise<Record<string, string>> {
  const list = join(scratch, 'sources.list');
  await writeFile(list, `${sources.join('\n')}\n`);
  return {
    'Dir::Etc::SourceList': list,
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::Etc::Preferences': '/dev/null',
    'Dir::Etc::PreferencesParts': '/dev/null',
    'APT::Default-Release': '',
  };
}

async function withDependencies(
  apt: readonly string[],
  packages: readonly string[],
): Promise<string[]> {
  const plan = await run([...apt, 'install', '--simulate', '--no-install-recommends', ...packages]);
  return [...plan.matchAll(/^Inst (\S+)/gm)].flatMap(([, name]) => name ?? []);
}

/**
 * Finds the mirrors of Debian in apt's sources of any format. Another archive can have Debian in
 * its address too: only the signature of its files can tell.
 */
export async function findMirrors(aptGet: string): Promise<string[]> {
  const plan = await run([aptGet, 'update', '--print-uris']);
  // A suite with a dash, like bookworm-security, can have a separate archive.
  const releases = plan.matchAll(/^'(\S*debian\S*?)\/dists\/[^/'-]+\/InRelease'/gm);
  const mirrors = new Set([...releases].flatMap(([, mirror]) => mirror ?? []));
  if (mirrors.size === 0) throw new Error("none of apt's sources is a mirror of Debian");
  return [...mirrors];
}

export async function readArchitecture(): Promise<string> {
  return (await run(['dpkg', '--print-architecture'])).trim();
}

/**
 * Returns the release and architecture of this system, like `debian-bookworm-amd64`. A folder of
 * unpacked packages without the C library fits no other system.
 */
export async function readSystemName(): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8');
  const [, id = 'debian'] = /^ID="?([\w.-]+)/m.exec(release) ?? [];
  const [, codename = 'unknown'] = /^VERSION_CODENAME="?([\w.-]+)/m.exec(release) ?? [];
  return [id, codename, await readArchitecture()].join('-');
}
