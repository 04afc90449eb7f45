import { run } from './command';
import { findPrograms } from './programs';
import { type Flavor, flavorOf } from './server';

/** The command-line client of a flavor. The one called `mysql` may be MariaDB's, so only it can tell. */
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
