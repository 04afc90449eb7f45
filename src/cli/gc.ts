import type { Command } from 'commander';
import { type ConnectionOptions, Database } from '../database';
import { ArgumentError, DatabaseError, describe } from '../errors';
import { routinePrefix } from '../identifiers';
import { assertServes } from '../limits';
import { cleanUp, cleanupBatch } from '../paced-cleanup';
import { type GcResult, Routines } from '../routines';
import { type ConnectionFlags, connected } from './connection';
import { type OutputFlags, withConnection, withExamples, withJson, withPrefix } from './options';
import { count, print, printJson, say } from './output';
import { startProgress } from './progress';

interface GcFlags extends ConnectionFlags, OutputFlags {
  readonly prefix: string;
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
    const limit = parseLimit(flags.limit);
    const prefix = routinePrefix('prefix', flags.prefix);
    const cleaned = await connected(flags, (connection) => clean(connection, prefix, limit));
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

async function clean(connection: ConnectionOptions, prefix: string, limit: number): Promise<GcResult> {
  const database = Database.open(connection);
  try {
    const routines = new Routines(database, prefix);
    assertServes(await routines.version('cleaner'));
    return await cleanInBatches(routines, limit);
  } finally {
    await database.close();
  }
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

function parseLimit(text: string): number {
  const most = 2 ** 31 - 1;
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || limit > most) {
    throw new ArgumentError('limit', `a whole number, 1 to ${most}`, describe(text));
  }
  return limit;
}
