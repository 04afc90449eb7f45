import { Database } from '../database';
import { routinePrefix } from '../identifiers';
import { assertServes } from '../limits';
import type { Role } from '../routine-errors';
import { Routines } from '../routines';
import { type ConnectionFlags, connected } from './connection';

export interface RoutineFlags extends ConnectionFlags {
  readonly prefix: string;
}

/** Calls routines as the account of the connection, which needs no right but to execute them. */
export async function withRoutines<T>(
  flags: RoutineFlags,
  role: Role,
  work: (routines: Routines) => Promise<T>,
): Promise<T> {
  const prefix = routinePrefix('prefix', flags.prefix);
  return connected(flags, async (connection) => {
    const database = Database.open(connection);
    try {
      const routines = new Routines(database, prefix);
      assertServes(await routines.version(role));
      return await work(routines);
    } finally {
      await database.close();
    }
  });
}
