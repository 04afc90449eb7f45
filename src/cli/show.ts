import type { Command } from 'commander';
import type { SessionRow } from '../routines';
import { assertSessionId } from '../session-id';
import { exitCodes } from './exit-code';
import { type OutputFlags, withConnection, withExamples, withJson, withPrefix } from './options';
import { print, printJson, say, table } from './output';
import { type RoutineFlags, withRoutines } from './routines';
import { fromNow, timeOf } from './times';

type ShowFlags = RoutineFlags & OutputFlags;

export function addShow(program: Command): void {
  const command = program
    .command('show')
    .summary('show a session and all that is in it')
    .description(
      'Shows a live session and all that is in it. The exit code is 1 where there is none. An account with the role operator is enough.',
    )
    .argument('<sid>', 'its id');
  withExamples(withJson(withPrefix(withConnection(command))), [
    'knex-mysql-session show Xk3nFq0 --url mysql://support@db.example/shop',
    'knex-mysql-session show Xk3nFq0 --json | jq .session.user',
  ]).action(async (sid: string, flags: ShowFlags) => {
    assertSessionId(sid);
    const row = await withRoutines(flags, 'operator', (routines) => routines.get(sid, 'operator'));
    const found = row && detailsOf(sid, row);
    if (flags.json) {
      printJson(found ?? null);
    } else if (found) {
      print(report(found));
    }
    if (!found) {
      say('There is no live session of this id.');
      process.exitCode = exitCodes.failed;
    }
  });
}

function detailsOf(id: string, { sess, ageMs, ttlMs }: SessionRow) {
  const session: unknown = JSON.parse(sess);
  return { id, createdAt: fromNow(-ageMs), expires: fromNow(ttlMs), session };
}

function report({ id, createdAt, expires, session }: ReturnType<typeof detailsOf>): string {
  const times = table([
    ['Id', id],
    ['Created (UTC)', timeOf(createdAt)],
    ['Expires (UTC)', timeOf(expires)],
  ]);
  return `${times}\n\n${JSON.stringify(session, undefined, 2)}`;
}
