import type { Command } from 'commander';
import type { Stats } from '../routines';
import { type OutputFlags, withConnection, withExamples, withJson, withPrefix } from './options';
import { print, printJson, table } from './output';
import { type RoutineFlags, withRoutines } from './routines';
import { fromNow, timeOf } from './times';

type StatsFlags = RoutineFlags & OutputFlags;

export function addStats(program: Command): void {
  const command = program
    .command('stats')
    .summary('tell how many sessions there are, how old and how large')
    .description(
      'Tells how many sessions are live and how many wait for the cleanup, since when the oldest of each are there, and how many bytes of JSON text they are. It reads the whole table, without locks. An account with the role operator is enough.',
    );
  withExamples(withJson(withPrefix(withConnection(command))), [
    'knex-mysql-session stats --url mysql://support@db.example/shop',
    'knex-mysql-session stats --json | jq .live',
  ]).action(async (flags: StatsFlags) => {
    const { live, expired, bytes, oldestMs, overdueMs } = await withRoutines(flags, 'operator', (routines) =>
      routines.stats(),
    );
    const found = { live, expired, oldest: ago(oldestMs), oldestExpired: ago(overdueMs), bytes };
    if (flags.json) {
      printJson(found);
    } else {
      print(report(found));
    }
  });
}

function ago(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : fromNow(-milliseconds);
}

interface Found extends Pick<Stats, 'live' | 'expired' | 'bytes'> {
  readonly oldest: Date | null;
  readonly oldestExpired: Date | null;
}

function report({ live, expired, oldest, oldestExpired, bytes }: Found): string {
  return table([
    ['Live', String(live)],
    ['Expired', String(expired)],
    ['Oldest live, created (UTC)', oldest ? timeOf(oldest) : ''],
    ['Longest expired, since (UTC)', oldestExpired ? timeOf(oldestExpired) : ''],
    ['Bytes of JSON', String(bytes)],
  ]);
}
