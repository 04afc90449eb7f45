import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

const unfinishedPrefix = '.unfinished-';
const hour = 60 * 60 * 1000;

type Fill = (folder: string) => Promise<void>;

/** The folders that this process is filling. */
const pending = new Map<string, Promise<string>>();

/** Returns a folder of the cache. Fills it first if it does not exist. */
export function cached(name: string, fill: Fill): Promise<string> {
  const cache = cacheFolder();
  const folder = join(cache, name);
  const other = pending.get(folder);
  if (other) return other;
  const filled = ensureFolder(cache, folder, fill).finally(() => pending.delete(folder));
  pending.set(folder, filled);
  return filled;
}

/** Root's home is closed to the user that runs root's servers, so root has another cache. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.KNEX_MYSQL_SESSION_CACHE) return resolve(env.KNEX_MYSQL_SESSION_CACHE);
  if (process.getuid?.() === 0) return '/var/cache/knex-mysql-session';
  const base = env.XDG_CACHE_HOME;
  return join(base && isAbsolute(base) ? base : join(homedir(), '.cache'), 'knex-mysql-session');
}

/**
 * Fills an unfinished folder and renames it when it is complete. An interrupted process leaves no
 * incomplete folder. If several processes fill the same folder, all use the first one.
 */
async function ensureFolder(cache: string, folder: string, fill: Fill): Promise<string> {
  if (await exists(folder)) return folder;
  if (await mkdir(cache, { recursive: true })) await openToAll(cache);
  await removeAbandoned(cache);
  const unfinished = await mkdtemp(join(cache, `${unfinishedPrefix}${Date.now()}-`));
  try {
    await openToAll(unfinished);
    await fill(unfinished);
    await rename(unfinished, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** Sets the mode after `mkdir`, because root's umask can be narrow. */
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
 * Removes old unfinished folders of killed processes. The name has the time of the start, because
 * an unpacked package changes the time of its folder.
 */
async function removeAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith(unfinishedPrefix)) continue;
    const age = Date.now() - Number.parseInt(name.slice(unfinishedPrefix.length), 10);
    if (age > hour) await rm(join(cache, name), { recursive: true, force: true });
  }
}

/**
 * Runs tasks with the same name and cache one at a time, across all processes of this machine.
 * The lock is a socket without a file. It ends with its process, but only Linux has such sockets.
 */
export async function runExclusive<T>(name: string, task: () => Promise<T>): Promise<T> {
  const key = createHash('sha256').update(`${cacheFolder()}\n${name}`).digest('hex');
  const release = await acquire(`\0knex-mysql-session-${key}`);
  try {
    return await task();
  } finally {
    release();
  }
}

async function acquire(address: string): Promise<() => void> {
  for (;;) {
    const waiting = new Set<Socket>();
    // A waiting process can be interrupted, which must not end this one.
    const server = createServer((socket) => waiting.add(socket.on('error', () => undefined)));
    if (await listens(server, address)) {
      return () => {
        server.close();
        for (const socket of waiting) socket.destroy();
      };
    }
    await releaseOf(address);
  }
}

async function listens(server: Server, address: string): Promise<boolean> {
  try {
    await once(server.listen(address), 'listening');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return false;
  }
}

/** Waits until the process that holds a lock releases it. It can have released the lock already. */
async function releaseOf(address: string): Promise<void> {
  try {
    // Without `resume`, the socket would not notice the end.
    await once(connect(address).resume(), 'close');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['ECONNREFUSED', 'ECONNRESET'].includes(code)) throw error;
  }
}
