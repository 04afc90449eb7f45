import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import test from 'ava';
import { clientCommand } from './client';
import type { Scope } from './scope';
import type { Flavor, Server } from './servers';
import { programFolders } from './servers/installed';
import { run } from './servers/system';

/** A folder in which a DBA types commands. The clients connect to one server without options. */
export interface DbaShell {
  readonly flavor: Flavor;
  /** Runs a command. It calls the databases `shop` and `shop_test`. */
  run(command: string): Promise<string>;
}

/** The names by which the commands call the databases. */
export interface ShellDatabases {
  readonly shop: string;
  readonly shop_test?: string;
}

const dumpPrograms: Readonly<Record<string, string>> = {
  mariadb: 'mariadb-dump',
  mysql: 'mysqldump',
};

/**
 * Declares a test that types commands. A machine whose server runs elsewhere, such as in Docker,
 * may have no dump program: AVA then reports the test as skipped.
 */
export const inShell = findDump(clientCommand) === undefined ? test.skip : test;

/** Returns a new folder for the files of shells that work together. */
export async function createShellFolder(scope: Scope): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kms-shell-'));
  scope.teardown(() => rm(folder, { recursive: true }));
  return folder;
}

/** Opens a shell for a server. Its clients read the connection from `~/.my.cnf`. */
export async function openShell(
  folder: string,
  { url, client = clientCommand }: Pick<Server, 'url'> & Partial<Pick<Server, 'client'>>,
  databases: ShellDatabases,
): Promise<DbaShell> {
  const home = await mkdtemp(join(folder, 'home-'));
  const programs = join(home, 'bin');
  await mkdir(programs);
  const name = basename(client.at(-1) ?? '');
  for (const command of [client, findDump(client) ?? []]) {
    const path = join(programs, basename(command.at(-1) ?? ''));
    await writeFile(path, `#!/bin/sh\nexec ${command.join(' ')} "$@"\n`, { mode: 0o755 });
  }
  await writeFile(join(home, '.my.cnf'), optionFile(url), { mode: 0o600 });
  const env = { HOME: home, PATH: `${programs}:/usr/bin:/bin` };
  return {
    flavor: name === 'mariadb' ? 'mariadb' : 'mysql',
    run: (command) => run(['/bin/sh', '-ec', withNames(command, databases)], { env, folder }),
  };
}

function optionFile(url: string): string {
  const { hostname, port, username, password } = new URL(url);
  return [
    '[client]',
    'protocol = tcp',
    `host = ${hostname}`,
    `port = ${port || 3306}`,
    `user = ${JSON.stringify(decodeURIComponent(username))}`,
    `password = ${JSON.stringify(decodeURIComponent(password))}`,
    '',
  ].join('\n');
}

function withNames(command: string, { shop, shop_test = '' }: ShellDatabases): string {
  return command.replace(/\bshop_test\b/g, shop_test).replace(/\bshop\b(?!\.sql)/g, shop);
}

/** Returns the command of the dump program that belongs to a client. */
function findDump(client: readonly string[]): readonly string[] | undefined {
  const program = client.at(-1) ?? '';
  const name = dumpPrograms[basename(program)];
  if (name === undefined) return undefined;
  const sibling = join(dirname(program), name);
  if (existsSync(sibling)) return [...client.slice(0, -1), sibling];
  // A package of Debian has the client without it.
  const folder = programFolders().find((one) => existsSync(join(one, name)));
  return folder === undefined ? undefined : [join(folder, name)];
}
