import type { Connection } from '../../database/connection';
import type { ServerCapabilities } from '../install-config';

/** Asks the server what it can do. */
export async function readCapabilities(connection: Connection): Promise<ServerCapabilities> {
  // Only MariaDB executes /*M! */. The routines write OR REPLACE in such a comment.
  const [row] = await connection.query('SELECT 0 /*M! + 1 */');
  // With partial_revokes, MySQL reads the database name of a GRANT literally.
  const [revokes] = await connection.query("SHOW GLOBAL VARIABLES LIKE 'partial_revokes'");
  // A MariaDB that was built without Galera lacks this variable.
  const [waits] = await connection.query("SHOW SESSION VARIABLES LIKE 'wsrep_sync_wait'");
  const isMariaDb = Number(row?.[0]) === 1;
  return {
    replacesRoutines: isMariaDb,
    databasesAreLiteral: revokes?.[1] === 'ON',
    readsMariaDbComments: isMariaDb,
    waitsForCluster: waits !== undefined,
  };
}

/** The capabilities for a script that no server was asked for: it must run on every server. */
export const freshCapabilities: ServerCapabilities = {
  replacesRoutines: undefined,
  databasesAreLiteral: false,
  readsMariaDbComments: true,
  waitsForCluster: true,
};

/** Returns whether a column accepts only JSON, given the text of SHOW CREATE TABLE. */
export function isJsonColumn(createTable: string, column: string): boolean {
  // MySQL has a type JSON. In MariaDB it is a text with a CHECK constraint.
  return (
    createTable.includes(`\n  \`${column}\` json`) ||
    createTable.includes(`json_valid(\`${column}\`)`)
  );
}
