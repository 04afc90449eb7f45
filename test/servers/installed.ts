import type { Binary } from './binary';
import { findClient } from './client';
import { run } from './command';
import { findPrograms, foldersNear } from './programs';
import { type Flavor, flavorOf, seriesOf } from './server';

/** The oldest that the routines are written for. */
const oldest: Record<Flavor, string> = { mariadb: '10.6', mysql: '8.0' };

/** The server programs in these folders, those that are surely MariaDB's first. */
export async function serverPrograms(folders: readonly string[]): Promise<string[]> {
  return findPrograms(['mariadbd', 'mysqld'], folders);
}

/** What a server program is. `mysqld` may be a link to MariaDB's, so only the program itself can tell. */
export async function inspect(program: string, folders: readonly string[]): Promise<Binary> {
  const version = (await run([program, '--no-defaults', '--version'])).trim();
  const flavor = flavorOf(version);
  if (seriesOf(version).localeCompare(oldest[flavor], 'en', { numeric: true }) < 0) {
    throw new Error(`${program} is older than ${oldest[flavor]}: ${version}`);
  }
  return {
    flavor,
    version,
    command: [program],
    installer: flavor === 'mariadb' ? [await installerOf(program, folders)] : [],
    client: await findClient(flavor, [...foldersNear(program), ...folders]),
    layout: [],
    origin: `${program}, booted privately`,
  };
}

/** The first server of a flavor that is installed. */
export async function installedOf(flavor: Flavor, folders: readonly string[]): Promise<Binary | undefined> {
  for (const program of await serverPrograms(folders)) {
    const binary = await inspect(program, folders);
    if (binary.flavor === flavor) return binary;
  }
  return undefined;
}

/** MariaDB fills a data directory by a script, which lies beside the server, or in bin or scripts. */
async function installerOf(program: string, folders: readonly string[]): Promise<string> {
  const names = ['mariadb-install-db', 'mysql_install_db'];
  const [script] = await findPrograms(names, [...foldersNear(program), ...folders]);
  if (!script) throw new Error(`${program} is there, but not its mariadb-install-db.`);
  return script;
}
