import type { Command } from 'commander';
import { cleanupBatchSize, cleanupRestFactor } from '../../contract';
import { DatabaseError } from '../../errors';
import type { RoutineClient } from '../../routines/routine-client';
import type { GcResult } from '../../routines/routine-results';
import { cleanUp } from '../../sessions/cleanup';
import {
  addDatabasesOption,
  addExamples,
  addRoutineOptions,
  type DatabasesFlags,
  type RoutineFlags,
} from '../support/command-options';
import { withRoutineClient } from '../support/connection';
import { runInDatabases } from '../support/each-database';
import { pluralize, printMessage, printResult } from '../support/output';
import { parseWholeNumber } from '../support/parsers';
import { processContext } from '../support/process-context';
import { startProgress } from '../support/progress';

interface GcFlags extends RoutineFlags, DatabasesFlags {
  readonly limit: string;
}

export function registerGc(program: Command): void {
  const command = program
    .command('gc')
    .summary('delete expired sessions')
    .description(
      'Deletes expired sessions in batches until no more are left. After each batch, pauses ' +
        `${cleanupRestFactor} times as long as the batch ran. The account needs the role cleaner only.`,
    )
    .option('--limit <n>', 'largest number of sessions in a batch', String(cleanupBatchSize));
  addExamples(addDatabasesOption(addRoutineOptions(command)), [
    'knex-mysql-session gc --url mysql://cron@db.example/shop',
    'knex-mysql-session gc --limit 50 --json',
    "knex-mysql-session gc --databases 'shop_%' --url mysql://cron@db.example",
  ]).action((flags: GcFlags) => {
    const limit = parseWholeNumber('limit', flags.limit);
    return runInDatabases(flags, {
      run: (target) => {
        const work = (routines: RoutineClient) => cleanUpWithProgress(routines, limit);
        return withRoutineClient(flags, 'cleaner', work, target);
      },
      print: (result) => {
        if (result.overdueMs !== null) printMessage(blocked);
        printResult(flags, result, formatDeleted);
      },
      summarize: (result) =>
        [formatDeleted(result), ...(result.overdueMs === null ? [] : [blocked])].join(' '),
    });
  });
}

const blocked =
  'Other transactions hold the rest: another cleanup, or one that does not end. A DBA finds ' +
  'them with: SHOW ENGINE INNODB STATUS';

function formatDeleted({ deleted }: GcResult): string {
  return `${pluralize(deleted, 'expired session')} deleted.`;
}

async function cleanUpWithProgress(routines: RoutineClient, limit: number): Promise<GcResult> {
  const progress = startProgress('expired sessions', await countExpired(routines));
  try {
    return await cleanUp(routines, { limit, onBatch: (deleted) => progress.update(deleted) });
  } finally {
    progress.stop();
  }
}

// Counts for the progress bar only. Without the role operator, the account must not count.
async function countExpired(routines: RoutineClient): Promise<number | undefined> {
  if (!processContext().stderr.isTTY) {
    return undefined;
  }
  try {
    return (await routines.length()).expired;
  } catch (error) {
    if (error instanceof DatabaseError) {
      return undefined;
    }
    throw error;
  }
}
