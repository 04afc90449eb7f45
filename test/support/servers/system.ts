import { type ExecFileException, execFile } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

/** A user of this system, to run a process as. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

export interface RunOptions {
  readonly user?: User | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly folder?: string;
  /** Milliseconds until the command is killed. */
  readonly timeout?: number;
}

/** Runs a command and returns its output. Throws the last lines of the output if it fails. */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<string> {
  const [file = '', ...parameters] = command;
  try {
    const { stdout } = await promisify(execFile)(file, parameters, {
      // Another user may not be allowed to enter the current folder.
      cwd: options.folder ?? '/',
      env: options.env ?? process.env,
      maxBuffer: 64 * 1024 * 1024,
      timeout: options.timeout ?? 0,
      ...options.user,
    });
    return stdout;
  } catch (error) {
    throw new Error(`${file}: ${failureOf(error)}`, { cause: error });
  }
}

function failureOf(error: unknown): string {
  const { code, stderr, stdout, message } = error as Partial<ExecFileException>;
  if (code === 'ENOENT') return 'not found';
  const printed = stderr?.trim() || stdout?.trim() || message || String(error);
  return printed.split('\n').slice(-5).join('\n');
}

/**
 * Returns the user `nobody` for root, because MariaDB and MySQL refuse to run as root. Returns
 * `undefined` for all other users: they run servers under their own id.
 */
export async function serverUser(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all([run(['id', '-u', 'nobody']), run(['id', '-g', 'nobody'])]);
  return { uid: Number(uid), gid: Number(gid) };
}

/** Returns a port of 127.0.0.1 that is free now. Another process can still bind it first. */
export async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  listener.close();
  await once(listener, 'close');
  if (address === null || typeof address === 'string') throw new Error('The listener has no port.');
  return address.port;
}

/** The folder where Linux keeps files in memory. */
export const sharedMemory = '/dev/shm';

/** Several times the bytes that a run and its servers need. */
const sufficientMemory = 4 * 2 ** 30;

/** Returns whether a run can keep its temporary files in memory. */
export async function hasSharedMemory(): Promise<boolean> {
  try {
    await access(sharedMemory, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(sharedMemory);
    return bavail * bsize >= sufficientMemory;
  } catch {
    return false;
  }
}
