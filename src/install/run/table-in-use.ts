import { setTimeout as sleep } from 'node:timers/promises';
import { errno } from '../../database/error-codes';
import { DatabaseError, InstallationError } from '../../errors';
import { quoteIdentifier } from '../../util/identifiers';
import type { ConnectedConfig } from '../install-config';

const maxAttempts = 20;

/** The average pause between two attempts, in milliseconds. */
const pause = 4_000;

/**
 * Retries a change of the table while a long transaction uses the table. All users of the table
 * wait behind such a change. So the statement before it sets a lock wait timeout of one second.
 */
export async function retryWhileTableInUse<Result>(
  { names }: ConnectedConfig,
  change: () => Promise<Result>,
  onTableInUse?: () => void,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await change();
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.errno !== errno.lockWaitTimeout) {
        throw error;
      }
      if (attempt === maxAttempts) {
        throw new InstallationError(
          `A long transaction used the table ${quoteIdentifier(names.table)} at each of ` +
            `${maxAttempts} attempts to change it. It may be a backup, or a connection that never commits. ` +
            'Find it with SHOW FULL PROCESSLIST, wait for its end, and repeat the command: it continues ' +
            'with the next step',
          { cause: error },
        );
      }
      onTableInUse?.();
      await sleep(pause * (0.5 + Math.random()));
    }
  }
}
