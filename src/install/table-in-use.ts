import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError, InstallationError } from '../errors';
import { errno } from '../servers';
import { quoteIdentifier } from './names';
import type { ConnectedTarget } from './target';

/** How often a change of the table is tried, and the pause between two attempts, in milliseconds. */
const attempts = 20;
const pause = 4_000;

/**
 * Does what changes the table, and does it again while somebody has the table in a long transaction. While such a change
 * waits, everybody else waits behind it: so it gives up after a second, by the statement ahead of it, and lets them pass.
 */
export async function onceTableIsFree<Result>(
  { names }: ConnectedTarget,
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
      if (attempt === attempts) {
        throw new InstallationError(
          `The table ${quoteIdentifier(names.table)} was in use by a long transaction at each of ${attempts} attempts: by a backup, or a ` +
            'connection that never commits; SHOW PROCESSLIST names it. What was done is kept: run the same command again when it is over',
          { cause: error },
        );
      }
      onTableInUse?.();
      await sleep(pause * (0.5 + Math.random()));
    }
  }
}
