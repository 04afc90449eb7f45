import type { Connection } from '../../database/connection';
import { InstallationError } from '../../errors';
import type { Naming, ObjectNames } from '../install-config';
import { chooseNames } from '../installation-names';
import { findInstallations } from '../state/find-installations';

/**
 * Returns the names of the installation that the caller means. Only an installation that the
 * account may see counts.
 *
 * @throws {InstallationError} if the connection has no database, or the names are not clear
 */
export async function findNames(connection: Connection, naming: Naming): Promise<ObjectNames> {
  const database = await readDatabaseName(connection);
  return chooseNames(naming, await findInstallations(connection), database);
}

export async function readDatabaseName(connection: Connection): Promise<string> {
  const [row] = await connection.query('SELECT DATABASE()');
  if (typeof row?.[0] !== 'string') {
    throw new InstallationError(
      'Expected the connection to name a database, got none. ' +
        'Add it to the URL, as in mysql://dba@db.example/shop',
    );
  }
  return row[0];
}
