import type { Connection } from '../../database/connection';
import { errno } from '../../database/error-codes';
import { DatabaseError, InstallationError } from '../../errors';
import { quoteIdentifier } from '../../util/identifiers';
import type { ConnectedConfig } from '../install-config';
import { insertLockRow, isLockRow } from '../sql/log-statements';

/** How long an installer waits for another, in seconds. */
const maxWait = 60;

/** How long the release of the lock may take, in milliseconds. */
const maxRelease = 5_000;

/** The server must not close the connection with the lock while an index is built: 28 days. */
const maxIdle = 28 * 86_400;

/**
 * Runs `work` while no other installer works. The lock is a row of the migration log: only an
 * account that may write there can hold it, and it ends with its connection. Without a log, nothing
 * is installed, and nothing is locked.
 *
 * @param onWait called once if another installer has the lock
 * @throws {InstallationError} after 60 seconds
 */
export async function withLock<T>(
  config: ConnectedConfig,
  work: () => Promise<T>,
  onWait?: () => void,
): Promise<T> {
  return config.withConnection(async (connection) => {
    await lock(config, connection, onWait);
    try {
      return await work();
    } finally {
      const deadline = performance.now() + maxRelease;
      await connection.query('ROLLBACK AND NO CHAIN NO RELEASE', [], deadline).catch(ignoreLoss);
    }
  });
}

async function lock(
  config: ConnectedConfig,
  connection: Connection,
  onWait: (() => void) | undefined,
): Promise<void> {
  const log = quoteIdentifier(config.names.migrationLog);
  const select = (suffix: string) =>
    connection.query(`SELECT \`name\` FROM ${log} WHERE ${isLockRow} ${suffix}`);
  try {
    if ((await select('')).length === 0) {
      await connection.query(insertLockRow(config));
    }
    await connection.query(`SET SESSION wait_timeout = ${maxIdle}`);
    await connection.query(`SET SESSION innodb_lock_wait_timeout = ${maxWait}`);
    // By default, an installer that waits would also lock the gap in which the other one writes.
    await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    await connection.query('START TRANSACTION');
    if ((await select('FOR UPDATE SKIP LOCKED')).length === 0) {
      onWait?.();
      await select('FOR UPDATE');
    }
  } catch (error) {
    if (error instanceof DatabaseError && error.errno === errno.noSuchTable) {
      return;
    }
    if (error instanceof DatabaseError && error.errno === errno.lockWaitTimeout) {
      throw new InstallationError(
        `Another installer has worked on ${quoteIdentifier(config.names.table)} of ` +
          `${quoteIdentifier(config.database)} for ${maxWait} seconds. Repeat the command when it ` +
          'is done. This statement shows it: SHOW FULL PROCESSLIST',
        { cause: error },
      );
    }
    throw error;
  }
}

// The lock ends with its connection. What the work returned or threw says more.
function ignoreLoss(): void {}
