import type { Command } from 'commander';
import { DatabaseError } from '../errors';
import { cleanUp, cleanupBatch } from '../paced-cleanup';
import type { GcResult, Routines } from '../routines';
import { type OutputFlags, withConnection, withExamples, withJson, withPrefix } from './options';
import { count, print, printJson, say } from './output';
import { startProgress } from './progress';
import { type RoutineFlags, withRoutines } from './routines';
import { parseWholeNumber } from './whole-number';

interface GcFlags extends RoutineFlags, OutputFlags {
  readonly limit: string;
}

export function addGc(program: Command): void {
  const command = program
    .command('gc')
    .summary('delete the expired sessions')
    .description(
      'Deletes the expired sessions, batch by batch, until none is left, and rests after each for six times as long as it took. An account with the role cleaner is enough.',
    )
    .option('--limit <n>', 'how many sessions at most a batch deletes', String(cleanupBatch));
  withExamples(withJson(withPrefix(withConnection(command))), [
    'knex-mysql-session gc --url mysql://cron@db.example/shop',
    'knex-mysql-session gc --limit 100 --json',
  ]).action(async (flags: GcFlags) => {
    const limit = parseWholeNumber('limit', flags.limit);
    const cleaned = await withRoutines(flags, 'cleaner', (routines) => cleanInBatches(routines, limit));
    if (cleaned.busy) {
      say('Another cleanup is under way, and does the rest.');
    }
    if (flags.json) {
      printJson(cleaned);
    } else {
      print(`${count(cleaned.deleted, 'expired session')} deleted.`);
    }
  });
}

async function cleanInBatches(routines: Routines, limit: number): Promise<GcResult> {
  const progress = startProgress('expired sessions', await expiredCount(routines));
  try {
    return await cleanUp(routines, { limit, onBatch: (deleted) => progress.update(deleted) });
  } finally {
    progress.stop();
  }
}

// Only for the bar: a cleaner may not count, and where nobody watches nothing is counted.
async function expiredCount(routines: Routines): Promise<number | undefined> {
  if (!process.stderr.isTTY) {
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
