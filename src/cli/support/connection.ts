import type { Role } from '../../contract';
import type { Connection } from '../../database/connection';
import type { ConnectionOptions } from '../../database/connection-options';
import { Database } from '../../database/database';
import type { InstallOptions } from '../../install';
import type { ObjectNames } from '../../install/install-config';
import { findNames } from '../../install/run/find-names';
import { assertCompatible } from '../../routines/routine-access';
import { RoutineClient } from '../../routines/routine-client';
import type { DatabaseFlags, InstallFlags, RoutineFlags } from './command-options';
import { explainConnectionError } from './errors';
import { resolveTarget, type Target } from './target';

/**
 * Runs `work` with the connection and the names that the flags and the environment give.
 *
 * @param target the database, if the flags name several
 */
export function withInstallOptions<T>(
  flags: InstallFlags,
  work: (options: InstallOptions) => Promise<T>,
  target?: Target,
): Promise<T> {
  const { table, prefix, sidColumn } = flags;
  return withConnectionOptions(flags, target, (connection) =>
    work({ connection, table, prefix, sidColumn }),
  );
}

/** Runs `work` with a client for the routines. The account needs EXECUTE on them only. */
export async function withRoutineClient<T>(
  flags: RoutineFlags,
  role: Role,
  work: (routines: RoutineClient) => Promise<T>,
  target?: Target,
): Promise<T> {
  return withConnectionOptions(flags, target, async (connection) => {
    const database = Database.open(connection);
    try {
      const { prefix } = await database.withConnection((connection) => find(connection, flags));
      const routines = new RoutineClient(database, prefix, role);
      assertCompatible(await routines.version());
      return await work(routines);
    } finally {
      await database.close();
    }
  });
}

// On a server without autocommit, the search opens a transaction.
async function find(connection: Connection, flags: RoutineFlags): Promise<ObjectNames> {
  const names = await findNames(connection, flags);
  await connection.query('ROLLBACK');
  return names;
}

async function withConnectionOptions<T>(
  flags: DatabaseFlags,
  known: Target | undefined,
  work: (connection: ConnectionOptions) => Promise<T>,
): Promise<T> {
  const target = known ?? (await resolveTarget(flags));
  try {
    return await work(target.connection);
  } catch (error) {
    throw explainConnectionError(error, target);
  }
}
