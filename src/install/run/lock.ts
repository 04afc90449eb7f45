import { InstallationError } from '../../errors';
import type { ConnectedConfig } from '../install-config';
import { quoteIdentifier } from '../sql/names';

/** How long an installer waits for another, in seconds. */
const maxWait = 60;

/**
 * Runs `work` under a named lock, one installer at a time. The server releases the lock when the
 * connection of the installer closes.
 *
 * @param onWait called once if another installer has the lock
 * @throws {InstallationError} after 60 seconds
 */
export async function withLock<T>(
  config: ConnectedConfig,
  work: () => Promise<T>,
  onWait?: () => void,
): Promise<T> {
  if (!(await acquire(config, 0))) {
    onWait?.();
    if (!(await acquire(config, maxWait))) {
      throw new InstallationError(
        `Another installer has worked on ${quoteIdentifier(config.names.table)} of ` +
          `${quoteIdentifier(config.database)} for ${maxWait} seconds. Repeat the command when it ` +
          'is done. This statement shows it: SHOW FULL PROCESSLIST',
      );
    }
  }
  return work();
}

async function acquire({ connection, names }: ConnectedConfig, seconds: number): Promise<boolean> {
  const [row] = await connection.query(
    "SELECT GET_LOCK(CONCAT('sess_migrate:', LEFT(SHA2(CONCAT(DATABASE(), '.', ?), 256), 48)), ?)",
    [names.table, seconds],
  );
  return Number(row?.[0]) === 1;
}
