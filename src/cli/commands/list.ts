import type { Command } from 'commander';
import type { RoutineClient } from '../../routines/routine-client';
import type { SessionRow } from '../../routines/routine-results';
import { paginate } from '../../util/paginate';
import { addExamples, addRoutineOptions, type RoutineFlags } from '../support/command-options';
import { withRoutineClient } from '../support/connection';
import {
  formatDuration,
  formatTable,
  formatTime,
  maxWidth,
  printMessage,
  printResult,
  timeFromNow,
  widthOf,
} from '../support/output';
import { type Condition, parseCondition, parseWholeNumber } from '../support/parsers';

interface ListFlags extends RoutineFlags {
  readonly where?: string;
  readonly limit: string;
}

type Row = SessionRow & { readonly sid: string };

interface SessionSummary {
  readonly id: string;
  readonly createdAt: Date;
  readonly expires: Date;
  readonly bytes: number;
}

const maxPageSize = 1_000;

export function registerList(program: Command): void {
  const command = program
    .command('list')
    .summary('list live sessions')
    .description(
      'Lists live sessions in the order of their ids. The account needs the role operator only.',
    )
    .option('--where <attribute=value>', 'list only sessions with this value, such as user_id=42')
    .option('--limit <n>', 'largest number of sessions to list', '100');
  addExamples(addRoutineOptions(command), [
    'knex-mysql-session list --where user_id=42 --url mysql://support@db.example/shop',
    "knex-mysql-session list --where user_id=42 --json | jq -r '.[].id'",
  ]).action(async (flags: ListFlags) => {
    const limit = parseWholeNumber('limit', flags.limit);
    const condition = flags.where === undefined ? undefined : parseCondition(flags.where);
    // Reads one row more than it lists, to know whether there are more.
    const rows = await withRoutineClient(flags, 'operator', (routines) =>
      readRows(routines, condition, limit + 1),
    );
    printResult(flags, rows.slice(0, limit).map(summarize), formatSessions);
    if (rows.length > limit) {
      printMessage(`More than ${limit} sessions match. Raise --limit to list more.`);
    }
  });
}

async function readRows(
  routines: RoutineClient,
  condition: Condition | undefined,
  limit: number,
): Promise<Row[]> {
  const pageSize = Math.min(limit, maxPageSize);
  const rows: Row[] = [];
  const pages = paginate(
    (after) =>
      condition
        ? routines.findBy(condition.attribute, condition.value, after, pageSize)
        : routines.all(after, pageSize),
    ({ sid }) => sid,
    pageSize,
  );
  for await (const page of pages) {
    rows.push(...page);
    if (rows.length >= limit) {
      break;
    }
  }
  return rows.slice(0, limit);
}

function summarize({ sid, sess, ttlMs, ageMs }: Row): SessionSummary {
  return {
    id: sid,
    createdAt: timeFromNow(-ageMs),
    expires: timeFromNow(ttlMs),
    bytes: Buffer.byteLength(sess),
  };
}

/** Returns a table. Long ids, such as hashes, leave room for the age and the time left only. */
function formatSessions(sessions: readonly SessionSummary[]): string {
  if (sessions.length === 0) {
    return 'No live sessions.';
  }
  const table = formatTable(
    sessions.map(({ id, createdAt, expires, bytes }) => [
      id,
      formatTime(createdAt).slice(0, 16),
      formatTime(expires).slice(0, 16),
      String(bytes),
    ]),
    ['Id', 'Created (UTC)', 'Expires (UTC)', 'Bytes'],
  );
  if (widthOf(table) <= maxWidth) {
    return table;
  }
  const now = Date.now();
  return formatTable(
    sessions.map(({ id, createdAt, expires }) => [
      id,
      formatDuration(now - createdAt.getTime()),
      formatDuration(expires.getTime() - now),
    ]),
    ['Id', 'Age', 'Left'],
  );
}
