import type { Command } from 'commander';
import { pagesOf } from '../pages';
import type { Routines, SessionRow } from '../routines';
import { type OutputFlags, withConnection, withExamples, withJson, withPrefix } from './options';
import { print, printJson, say, table } from './output';
import { type RoutineFlags, withRoutines } from './routines';
import { fromNow, timeOf } from './times';
import { type Condition, parseWhere } from './where';
import { parseWholeNumber } from './whole-number';

interface ListFlags extends RoutineFlags, OutputFlags {
  readonly where?: string;
  readonly limit: string;
}

type Row = SessionRow & { readonly sid: string };

const longestPage = 1_000;

export function addList(program: Command): void {
  const command = program
    .command('list')
    .summary('list live sessions, all or those of somebody')
    .description(
      'Lists live sessions in the order of their ids: all, or with --where those whose attribute has a value. An account with the role operator is enough.',
    )
    .option('--where <attribute=value>', 'such as user_id=42; attribute list shows which there are')
    .option('--limit <n>', 'how many at most', '100');
  withExamples(withJson(withPrefix(withConnection(command))), [
    'knex-mysql-session list --where user_id=42 --url mysql://support@db.example/shop',
    "knex-mysql-session list --where user_id=42 --json | jq -r '.[].id'",
  ]).action(async (flags: ListFlags) => {
    const limit = parseWholeNumber('limit', flags.limit);
    const condition = flags.where === undefined ? undefined : parseWhere(flags.where);
    // One more than asked for tells whether there are more.
    const rows = await withRoutines(flags, 'operator', (routines) => read(routines, condition, limit + 1));
    const sessions = rows.slice(0, limit).map(summaryOf);
    if (flags.json) {
      printJson(sessions);
    } else {
      print(report(sessions));
    }
    if (rows.length > limit) {
      say(`There are more than ${limit}: --limit tells how many are listed.`);
    }
  });
}

async function read(routines: Routines, condition: Condition | undefined, most: number): Promise<Row[]> {
  const size = Math.min(most, longestPage);
  const rows: Row[] = [];
  const pages = pagesOf(
    (after) =>
      condition
        ? routines.findBy(condition.attribute, condition.value, after, size)
        : routines.all(after, size),
    ({ sid }) => sid,
    size,
  );
  for await (const page of pages) {
    rows.push(...page);
    if (rows.length >= most) {
      break;
    }
  }
  return rows.slice(0, most);
}

function summaryOf({ sid, sess, ttlMs, ageMs }: Row) {
  return {
    id: sid,
    createdAt: fromNow(-ageMs),
    expires: fromNow(ttlMs),
    bytes: Buffer.byteLength(sess),
  };
}

function report(sessions: ReadonlyArray<ReturnType<typeof summaryOf>>): string {
  return sessions.length === 0
    ? 'No live session.'
    : table(
        sessions.map(({ id, createdAt, expires, bytes }) => [
          id,
          timeOf(createdAt),
          timeOf(expires),
          String(bytes),
        ]),
        ['Id', 'Created (UTC)', 'Expires (UTC)', 'Bytes'],
      );
}
