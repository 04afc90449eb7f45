import type { Command } from 'commander';
import type { Stats } from '../../routines/routine-results';
import { addExamples, addRoutineOptions, type RoutineFlags } from '../support/command-options';
import { withRoutineClient } from '../support/connection';
import { formatTable, formatTime, printResult, timeFromNow } from '../support/output';

interface Summary extends Pick<Stats, 'live' | 'expired' | 'bytes'> {
  readonly oldest: Date | null;
  readonly oldestExpired: Date | null;
}

export function registerStats(program: Command): void {
  const command = program
    .command('stats')
    .summary('count sessions, and show their age and size')
    .description(
      'Counts live and expired sessions, and shows the oldest of each and the size of their ' +
        'JSON text. Reads the whole table without locks. The account needs the role operator ' +
        'only.',
    );
  addExamples(addRoutineOptions(command), [
    'knex-mysql-session stats --url mysql://support@db.example/shop',
    'knex-mysql-session stats --json | jq .live',
  ]).action(async (flags: RoutineFlags) => {
    const stats = await withRoutineClient(flags, 'operator', (routines) => routines.stats());
    printResult(flags, summarize(stats), formatSummary);
  });
}

function summarize({ live, expired, bytes, oldestMs, overdueMs }: Stats): Summary {
  return { live, expired, oldest: timeAgo(oldestMs), oldestExpired: timeAgo(overdueMs), bytes };
}

function timeAgo(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : timeFromNow(-milliseconds);
}

function formatSummary({ live, expired, oldest, oldestExpired, bytes }: Summary): string {
  return formatTable([
    ['Live sessions', String(live)],
    ['Expired sessions', String(expired)],
    ['Oldest live session created (UTC)', oldest ? formatTime(oldest) : ''],
    ['Longest expired session since (UTC)', oldestExpired ? formatTime(oldestExpired) : ''],
    ['Bytes of JSON text', String(bytes)],
  ]);
}
