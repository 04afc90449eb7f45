import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { Scope } from '../scope';
import { startScript } from '../script';
import { bootServer, type Machine, type Server, thisMachine } from '.';
import { programFolders } from './installed';
import { run } from './system';

/** This machine without Docker, which hides the processes and files of its servers. */
export const localMachine: Machine = { ...thisMachine(), docker: 'no-docker-here' };

/** A machine that has no server in any way. */
export const emptyMachine: Machine = {
  url: undefined,
  name: undefined,
  folders: [],
  docker: 'no-docker-here',
  aptGet: 'no-apt-get-here',
};

/** A machine that has only its installed servers. */
export const installedMachine: Machine = { ...emptyMachine, folders: localMachine.folders };

/** A test that needs a server program, or apt-get to fetch one. */
export const localTest = hasProgram('mariadbd', 'mysqld', 'apt-get') ? test : test.skip;
export const serialLocalTest = localTest === test ? test.serial : test.serial.skip;

/** A test that needs a server program. */
export const installedTest = hasProgram('mariadbd', 'mysqld') ? test : test.skip;

/** A test that needs apt-get. */
export const debianTest = hasProgram('apt-get') ? test : test.skip;

function hasProgram(...names: string[]): boolean {
  return names.some((name) => programFolders().some((folder) => existsSync(join(folder, name))));
}

/** Boots a server, and stops it at the end of the scope. */
export async function bootLocal(scope: Scope, flags: string[] = []): Promise<Server> {
  const server = await bootServer({ flags, machine: localMachine });
  scope.teardown(server.stop);
  return server;
}

/** Asserts that this machine or its network caused an error of apt-get, and not our code. */
export function assertNoPackages(t: ExecutionContext, error: unknown): void {
  const noPackages = /not Debian|no mirror|Unable to locate package|no installation candidate/;
  const noNetwork = /Failed to fetch|Could not resolve|Could not connect|Temporary failure/;
  t.log(String(error));
  t.true(noPackages.test(String(error)) || noNetwork.test(String(error)));
}

/** Makes a folder for a test. The user that runs root's servers can enter it. */
export async function testFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kms-test-'));
  await chmod(folder, 0o755);
  t.teardown(() => rm(folder, { recursive: true }));
  return folder;
}

/** Makes a program that prints a text, in a new folder. */
export async function programThatPrints(
  t: ExecutionContext,
  name: string,
  text: string,
): Promise<string> {
  const program = join(await testFolder(t), name);
  await writeFile(program, `#!/bin/sh\ncat <<'END'\n${text}\nEND\n`, { mode: 0o755 });
  return program;
}

/** Runs one statement on a new connection. */
export async function queryOnce(url: string, sql: string): Promise<RowDataPacket[]> {
  const connection = await createConnection(url);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
}

/** What other processes see of a private server. */
export interface ServerTraces {
  readonly pid: number;
  readonly directory: string;
}

export async function tracesOf(url: string): Promise<ServerTraces> {
  const [row] = await queryOnce(url, 'SELECT @@datadir AS data, @@pid_file AS pid');
  return {
    pid: Number(readFileSync(String(row?.pid), 'utf8')),
    directory: dirname(String(row?.data)),
  };
}

/** Returns the files of the libraries that a process has loaded. */
export async function librariesOf(pid: number): Promise<string[]> {
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8');
  return [...new Set(maps.match(/\/\S+\.so\b\S*/g))];
}

/** Returns the libraries outside a folder that a process has loaded, except the C library. */
export async function librariesOutside(folder: string, pid: number): Promise<string[]> {
  const files = (await run(['dpkg', '--listfiles', 'libc6'])).split('\n');
  const cLibraries = new Set(files.map((file) => basename(file)));
  return (await librariesOf(pid)).filter(
    (library) => !library.startsWith(folder) && !cLibraries.has(basename(library)),
  );
}

/** Returns the directory and the processes with its name in their arguments, if they exist. */
export function remainingTraces({ directory }: ServerTraces): string[] {
  const running = commandLines().filter((command) => command.includes(directory));
  return existsSync(directory) ? [...running, directory] : running;
}

/** Returns the command lines of all processes. A small Linux has no `ps`. */
export function commandLines(): string[] {
  if (process.platform !== 'linux') {
    return execFileSync('ps', ['-A', '-ww', '-o', 'args=']).toString().split('\n');
  }
  return readdirSync('/proc').flatMap((name) => {
    try {
      return /^\d+$/.test(name) ? readFileSync(`/proc/${name}/cmdline`, 'utf8') : [];
    } catch {
      // The process has ended.
      return [];
    }
  });
}

/** A process that booted a server. */
export interface ServerParent {
  /** The URL of the server. */
  readonly url: string;
  readonly exited: Promise<number | null>;
  kill(): Promise<void>;
}

/**
 * Starts a process that boots a server. Resolves when the server is ready.
 *
 * @param next whether the process waits or exits after that
 */
export async function startServerParent(
  machine: Machine,
  next: 'wait' | 'exit',
  env: Record<string, string> = {},
): Promise<ServerParent> {
  const child = startScript(
    `require('./test/support/servers')
      .bootServer({ machine: JSON.parse(process.argv[1]) })
      .then(({ url }) => ({ url }), ({ message }) => ({ message }))
      .then((result) => console.log(JSON.stringify(result)));
    if (process.argv[2] === 'wait') setInterval(() => undefined, 60_000);`,
    { args: [JSON.stringify(machine), next], env },
  );
  const exited = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null);
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  const [output] = await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
  const { url, message }: { url?: string; message?: string } = JSON.parse(String(output));
  if (url === undefined) {
    await kill();
    throw new Error(message);
  }
  return { url, exited, kill };
}
