import type { Connection } from '../database/connection';
import { errno } from '../database/error-codes';
import { DatabaseError } from '../errors';
import { now } from '../util/timers';
import { RoutineClient } from './routine-client';

/** How long a host may take to answer, in milliseconds. */
const probeTimeout = 1_000;

/**
 * Tests whether a host can serve: it answers, has the routines, and accepts writes. A Galera node
 * that is not ready refuses the call.
 *
 * @throws the reason why it can't serve
 */
export async function probeHost(host: Connection, prefix: string): Promise<void> {
  const deadline = now() + probeTimeout;
  const connection: Connection = {
    query: (sql, parameters) => host.query(sql, parameters, deadline),
  };
  const { isReadOnly } = await new RoutineClient(connection, prefix).version();
  if (isReadOnly) {
    throw new DatabaseError('it is read-only', {
      code: 'ER_OPTION_PREVENTS_STATEMENT',
      errno: errno.readOnly,
      sqlState: undefined,
    });
  }
}
