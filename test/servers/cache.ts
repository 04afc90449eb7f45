import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

const unfinished = '.unfinished-';
const hour = 60 * 60 * 1000;

type Make = (folder: string) => Promise<void>;

/** What this process is making at this moment. */
const making = new Map<string, Promise<string>>();

/** A folder of the cache, made by whoever is the first to ask for it. */
export function cached(name: string, make: Make): Promise<string> {
  const cache = cacheFolder();
  const folder = join(cache, name);
  const begun = making.get(folder);
  if (begun) return begun;
  const made = ensure(cache, folder, make).finally(() => making.delete(folder));
  making.set(folder, made);
  return made;
}

/**
 * The folder is made aside and renamed when whole: whoever is interrupted leaves no half folder under its name,
 * and of several processes that make it at once one wins, and all use the same.
 */
async function ensure(cache: string, folder: string, make: Make): Promise<string> {
  if (await exists(folder)) return folder;
  if (await mkdir(cache, { recursive: true })) await openToAll(cache);
  await sweep(cache);
  const workshop = await mkdtemp(join(cache, `${unfinished}${Date.now()}-`));
  try {
    await openToAll(workshop);
    await make(workshop);
    await rename(workshop, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
  return folder;
}

/** Root's home is closed to the user that root's servers run as, so root's cache is elsewhere. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.KNEX_MYSQL_SESSION_CACHE) return resolve(env.KNEX_MYSQL_SESSION_CACHE);
  if (process.getuid?.() === 0) return '/var/cache/knex-mysql-session';
  const base = env.XDG_CACHE_HOME;
  return join(base && isAbsolute(base) ? base : join(homedir(), '.cache'), 'knex-mysql-session');
}

/** The mode is set and not only asked for, as root's umask may be narrow. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/**
 * Removes what a run that was killed left behind, long enough ago that no one can be at it any more. Its name
 * tells since when: unpacking a package gives a folder the time of the package.
 */
async function sweep(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith(unfinished)) continue;
    const age = Date.now() - Number.parseInt(name.slice(unfinished.length), 10);
    if (age > hour) await rm(join(cache, name), { recursive: true, force: true });
  }
}
