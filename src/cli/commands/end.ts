import type { Command } from 'commander';
import { ArgumentError } from '../../errors';
import type { RoutineClient } from '../../routines/routine-client';
import { destroyByAttribute } from '../../sessions/attribute-operations';
import { assertSessionId } from '../../sessions/session-id';
import { addExamples, addRoutineOptions, type RoutineFlags } from '../support/command-options';
import { withRoutineClient } from '../support/connection';
import { reportMissingSession } from '../support/errors';
import { pluralize, printResult } from '../support/output';
import { parseCondition } from '../support/parsers';

interface EndFlags extends RoutineFlags {
  readonly where?: string;
  readonly except?: string;
}

export function registerEnd(program: Command): void {
  const command = program
    .command('end')
    .summary('end one session, or all with an attribute value')
    .description(
      'Ends a live session by its id, or with --where all live sessions with an attribute ' +
        'value. Exit code 1 means that no live session has the id. The account needs the role ' +
        'operator only.',
    )
    .argument('[sid]', 'session id')
    .option('--where <attribute=value>', 'end all sessions with this value, such as user_id=42')
    .option('--except <sid>', 'session id to keep, with --where');
  addExamples(addRoutineOptions(command), [
    'knex-mysql-session end --where user_id=42 --url mysql://support@db.example/shop',
    'knex-mysql-session end --where user_id=42 --except Xk3nFq0',
  ]).action(async (sid: string | undefined, flags: EndFlags) => {
    const endSessions = parseSelection(sid, flags);
    const ended = await withRoutineClient(flags, 'operator', endSessions);
    if (sid !== undefined && ended === 0) {
      reportMissingSession(flags, { ended });
    } else {
      printResult(flags, { ended }, () => `${pluralize(ended, 'session')} ended.`);
    }
  });
}

/** Returns the function that ends the selected sessions and returns their number. */
function parseSelection(
  sid: string | undefined,
  { where, except }: EndFlags,
): (routines: RoutineClient) => Promise<number> {
  if ((sid === undefined) === (where === undefined)) {
    const got = sid === undefined ? 'neither' : 'both';
    throw new ArgumentError('where', 'given instead of a session id', got);
  }
  if (except !== undefined) {
    assertSessionId(except);
  }
  if (where !== undefined) {
    const { attribute, value } = parseCondition(where);
    return (routines) => destroyByAttribute(routines, attribute, value, except ?? null);
  }
  assertSessionId(sid);
  if (except !== undefined) {
    throw new ArgumentError('except', 'given with --where', 'a session id without --where');
  }
  return (routines) => endOne(routines, sid);
}

async function endOne(routines: RoutineClient, sid: string): Promise<number> {
  const row = await routines.get(sid);
  await routines.destroy(sid);
  return row ? 1 : 0;
}
