import { InstallationError } from '../errors';
import { quoteIdentifier } from './names';
import type { ConnectedTarget } from './target';

/** How long an installer waits for another, in seconds. */
const patience = 60;

/**
 * Runs `work` under a named lock, so that of many installers one works and the others find it done. The
 * lock goes with the connection, which is the installer's own.
 *
 * @param onWait called once, where another installer is at work
 */
export async function alone<T>(
  target: ConnectedTarget,
  work: () => Promise<T>,
  onWait?: () => void,
): Promise<T> {
  if (!(await lock(target, 0))) {
    onWait?.();
    if (!(await lock(target, patience))) {
      throw new InstallationError(
        `Another installer has been at work on ${quoteIdentifier(target.names.table)} of ` +
          `${quoteIdentifier(target.database)} for ${patience} seconds: try again when it is done`,
      );
    }
  }
  return work();
}

async function lock({ connection, names }: ConnectedTarget, seconds: number): Promise<boolean> {
  const [row] = await connection.query(
    "SELECT GET_LOCK(CONCAT('sess_migrate:', LEFT(SHA2(CONCAT(DATABASE(), '.', ?), 256), 48)), ?)",
    [names.table, seconds],
  );
  return Number(row?.[0]) === 1;
}
