import { createConnection } from 'mysql2';
import type { ConnectionOptions } from './connection-settings';
import { toDatabaseError } from './database-error';
import { byDeadline, DeadlineError } from './deadline';
import { DatabaseError } from './errors';
import { errno } from './servers';

/** How long a host has for its answers, in milliseconds. */
const patience = 1_000;

// Whoever may connect may ask for these, and a node of a cluster answers them even while it serves nothing else.
const variables =
  "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('read_only', 'super_read_only', 'innodb_read_only', 'wsrep_on')";
const readiness = "SHOW GLOBAL STATUS LIKE 'wsrep_ready'";

/** @returns what speaks against the host: undefined where it is up, ready and writable */
export async function checkHost(settings: ConnectionOptions): Promise<DatabaseError | undefined> {
  // knex hands them to the driver as they are, and has a narrower type for them.
  const connection = createConnection(settings as object);
  // What breaks the connection fails the query too.
  connection.on('error', () => {});
  const ask = async (sql: string) => {
    const [rows] = await connection.promise().query({ sql, rowsAsArray: true });
    return new Map((rows as unknown[][]).map(([name, value]) => [String(name), String(value)]));
  };
  const answers = async () => flawOf(new Map([...(await ask(variables)), ...(await ask(readiness))]));
  try {
    return await byDeadline(performance.now() + patience, answers(), `no answer within ${patience} ms`);
  } catch (error) {
    return error instanceof DeadlineError ? flaw(error.message, 'ETIMEDOUT') : toDatabaseError(error);
  } finally {
    connection.destroy();
  }
}

function flawOf(found: ReadonlyMap<string, string>): DatabaseError | undefined {
  const isOn = (name: string) => (found.get(name) ?? 'OFF') !== 'OFF';
  if (isOn('wsrep_on') && !isOn('wsrep_ready')) {
    return flaw('not ready in its cluster', 'ER_UNKNOWN_COM_ERROR', errno.notReady);
  }
  return isOn('read_only') || isOn('super_read_only') || isOn('innodb_read_only')
    ? flaw('read-only', 'ER_OPTION_PREVENTS_STATEMENT', errno.readOnly)
    : undefined;
}

function flaw(message: string, code: string, number?: number): DatabaseError {
  return new DatabaseError(message, { code, errno: number, sqlState: undefined });
}
