import type { Connection } from './database';
import { DatabaseError } from './errors';
import { Routines } from './routines';
import { errno } from './servers';

/** How long a host has to say whether it serves, in milliseconds. */
const patience = 1_000;

// An answer that has to be asked for twice is none.
const once = {
  run: <Result>(_what: string, attempt: (deadline: number) => Promise<Result>): Promise<Result> =>
    attempt(performance.now() + patience),
};

/**
 * Whether a host serves: it is up, has the routines, and takes writes. A node of a Galera cluster that is not ready
 * refuses the call.
 *
 * @throws what speaks against it
 */
export async function assertHostServes(host: Connection, routinePrefix: string): Promise<void> {
  const { isReadOnly } = await new Routines(host, routinePrefix, once).version();
  if (isReadOnly) {
    const details = { code: 'ER_OPTION_PREVENTS_STATEMENT', errno: errno.readOnly, sqlState: undefined };
    throw new DatabaseError('it is read-only', details);
  }
}
