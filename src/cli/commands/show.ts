import type { Command } from 'commander';
import type { SessionRow } from '../../routines/routine-results';
import { assertSessionId } from '../../sessions/session-id';
import { addExamples, addRoutineOptions, type RoutineFlags } from '../support/command-options';
import { withRoutineClient } from '../support/connection';
import { reportMissingSession } from '../support/errors';
import { formatTable, formatTime, printResult, timeFromNow } from '../support/output';

interface SessionDetails {
  readonly id: string;
  readonly createdAt: Date;
  readonly expires: Date;
  readonly session: unknown;
}

export function registerShow(program: Command): void {
  const command = program
    .command('show')
    .summary('show a live session with its data')
    .description(
      'Shows a live session with its data. Exit code 1 means that no live session has the id. ' +
        'The account needs the role operator only.',
    )
    .argument('<sid>', 'session id');
  addExamples(addRoutineOptions(command), [
    'knex-mysql-session show Xk3nFq0 --url mysql://support@db.example/shop',
    'knex-mysql-session show Xk3nFq0 --json | jq .session.user',
  ]).action(async (sid: string, flags: RoutineFlags) => {
    assertSessionId(sid);
    const row = await withRoutineClient(flags, 'operator', (routines) => routines.get(sid));
    if (row) {
      printResult(flags, detailsOf(sid, row), formatDetails);
    } else {
      reportMissingSession(flags, null);
    }
  });
}

function detailsOf(id: string, { sess, ageMs, ttlMs }: SessionRow): SessionDetails {
  return {
    id,
    createdAt: timeFromNow(-ageMs),
    expires: timeFromNow(ttlMs),
    session: JSON.parse(sess),
  };
}

function formatDetails({ id, createdAt, expires, session }: SessionDetails): string {
  const table = formatTable([
    ['Id', id],
    ['Created (UTC)', formatTime(createdAt)],
    ['Expires (UTC)', formatTime(expires)],
  ]);
  return `${table}\n\n${JSON.stringify(session, undefined, 2)}`;
}
