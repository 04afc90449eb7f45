import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command';

export interface Wish {
  aptGet: string;
  /** Unpacked together with what they depend on. */
  packages: readonly string[];
  /**
   * Lines of a sources.list to use in place of the machine's. Then the installed packages do not count either:
   * all dependencies are unpacked, and not only those that this machine lacks.
   */
  sources?: readonly string[];
  /** Names of dependencies to leave out. */
  needless?: RegExp;
}

/** Downloads packages and unpacks them into a folder. Nothing is installed. */
export async function unpack(folder: string, wish: Wish): Promise<void> {
  const scratch = join(folder, 'apt');
  const downloads = join(scratch, 'downloads');
  for (const name of ['downloads', 'lists/partial', 'cache/archives/partial']) {
    await mkdir(join(scratch, name), { recursive: true });
  }
  const { aptGet, packages, sources, needless } = wish;
  const options = { ...ownState(scratch), ...(sources ? await ownSources(scratch, sources) : {}) };
  const apt = [
    aptGet,
    '--quiet',
    ...Object.entries(options).flatMap(([name, value]) => ['--option', `${name}=${value}`]),
  ];

  // A source that fails need not be the one that has the server: the next step tells.
  const complaint = await run([...apt, 'update']).then(
    () => '',
    (error: Error) => `${error.message}\n`,
  );
  const names = await closure(apt, packages).catch((error: Error) => {
    throw new Error(complaint + error.message);
  });
  const needed = names.filter((name) => !needless?.test(name));
  await run([...apt, 'download', ...needed], { folder: downloads });
  for (const file of await readdir(downloads)) {
    await run(['dpkg-deb', '--extract', join(downloads, file), folder]);
  }
  await rm(scratch, { recursive: true });
}

/** Lists and a cache of one's own: a new machine has no lists, and the system's belong to root. */
function ownState(scratch: string): Record<string, string> {
  return {
    'Dir::State::lists': join(scratch, 'lists'),
    'Dir::Cache': join(scratch, 'cache'),
    // As root, apt-get would download as a user that cannot write here.
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    // A mirror out of reach is an error, and not a warning that nobody sees.
    'APT::Update::Error-Mode': 'any',
    'Acquire::http::Timeout': '20',
    'Acquire::https::Timeout': '20',
  };
}

/** Nothing of the machine's but its proxies and the like: neither sources nor preferences nor packages. */
async function ownSources(scratch: string, sources: readonly string[]): Promise<Record<string, string>> {
  const list = join(scratch, 'sources.list');
  await writeFile(list, `${sources.join('\n')}\n`);
  return {
    'Dir::Etc::SourceList': list,
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::Etc::Preferences': '/dev/null',
    'Dir::Etc::PreferencesParts': '/dev/null',
    'APT::Default-Release': '',
    'Dir::State': scratch,
    'Dir::State::status': '/dev/null',
  };
}

/** These packages and what is lacking of all that they depend on. */
async function closure(apt: readonly string[], packages: readonly string[]): Promise<string[]> {
  const plan = await run([
    ...apt,
    'install',
    '--simulate',
    // Else a server that is installed would be left out.
    '--reinstall',
    '--no-install-recommends',
    ...packages,
  ]);
  return [...plan.matchAll(/^Inst (\S+)/gm)].flatMap(([, name]) => name ?? []);
}
