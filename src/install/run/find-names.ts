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
  const found = await findInstallations(connection);
  const [row] = await connection.query('SELECT @@lower_case_table_names');
  if (Number(row?.[0]) === 0) {
    return chooseNames(naming, found, database);
  }
  // Such a server keeps the names of tables in lower case, or compares them so.
  const table = naming.table?.toLowerCase();
  const folded = found.map((one) => ({ ...one, table: one.table.toLowerCase() }));
  return chooseNames({ ...naming, table }, folded, database);
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
