import { access, constants, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { type Flavor, flavorOf, type ServerProgram, seriesOf } from './server';
import { run } from './system';

/** The oldest supported release series. */
const oldest: Record<Flavor, string> = { mariadb: '10.6', mysql: '8.0' };

/** Returns the folders of `PATH`, and folders that many systems keep out of a user's `PATH`. */
export function programFolders(env: NodeJS.ProcessEnv = process.env): string[] {
  return [
    ...(env.PATH ?? '').split(delimiter).filter(Boolean),
    '/usr/sbin',
    '/usr/local/sbin',
    '/usr/libexec',
    ...['/opt/homebrew', '/usr/local'].flatMap((homebrew) => [
      `${homebrew}/bin`,
      `${homebrew}/opt/mariadb/bin`,
      `${homebrew}/opt/mysql/bin`,
    ]),
  ];
}

/** Finds programs by their names. A program with several links occurs once. */
export async function findPrograms(
  names: readonly string[],
  folders: readonly string[],
): Promise<string[]> {
  const programs = new Set<string>();
  for (const name of names) {
    for (const folder of folders) {
      const program = await executable(join(folder, name));
      if (program) programs.add(program);
    }
  }
  return [...programs];
}

async function executable(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.X_OK);
    return await realpath(path);
  } catch {
    return undefined;
  }
}

/** Finds server programs. The ones of MariaDB come first. */
export async function findServerPrograms(folders: readonly string[]): Promise<string[]> {
  return findPrograms(['mariadbd', 'mysqld'], folders);
}

/** Runs a server program to find its flavor: `mysqld` can be a link to MariaDB's server. */
export async function inspectServer(
  program: string,
  folders: readonly string[],
): Promise<ServerProgram> {
  const version = (await run([program, '--no-defaults', '--version'])).trim();
  const flavor = flavorOf(version);
  if (seriesOf(version).localeCompare(oldest[flavor], 'en', { numeric: true }) < 0) {
    throw new Error(`${program} is older than ${oldest[flavor]}: ${version}`);
  }
  const nearby = [...foldersNear(program), ...folders];
  return {
    flavor,
    version,
    command: [program],
    installer: flavor === 'mariadb' ? [await findInstaller(program, nearby)] : [],
    client: await findClient(flavor, nearby),
    layout: [],
    origin: `${program}, booted privately`,
  };
}

/** Finds the first installed server of a flavor. */
export async function findInstalled(
  flavor: Flavor,
  folders: readonly string[],
): Promise<ServerProgram | undefined> {
  for (const path of await findServerPrograms(folders)) {
    const program = await inspectServer(path, folders);
    if (program.flavor === flavor) return program;
  }
  return undefined;
}

/** Finds the client of a flavor. Only its version can tell: MariaDB has a client `mysql` too. */
export async function findClient(
  flavor: Flavor,
  folders: readonly string[],
): Promise<readonly string[] | undefined> {
  for (const program of await findPrograms([flavor], folders)) {
    const version = await run([program, '--no-defaults', '--version']).catch(() => undefined);
    if (version && flavorOf(version) === flavor) return [program];
  }
  return undefined;
}

/** Finds the script that fills MariaDB's data directory. */
async function findInstaller(program: string, folders: readonly string[]): Promise<string> {
  const [script] = await findPrograms(['mariadb-install-db', 'mysql_install_db'], folders);
  if (!script) throw new Error(`${program} is installed without its mariadb-install-db.`);
  return script;
}

/** Returns the folders that can contain the other programs of an installation. */
function foldersNear(program: string): string[] {
  const home = dirname(dirname(program));
  return [dirname(program), join(home, 'bin'), join(home, 'scripts')];
}
