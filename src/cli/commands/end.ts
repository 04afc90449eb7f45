import type { Command } from 'commander';
import { ArgumentError } from '../../errors';
import type { RoutineClient } from '../../routines/routine-client';
import { destroyByAttribute } from '../../sessions/attribute-operations';
import { clearAll } from '../../sessions/bulk-operations';
import { assertSessionId } from '../../sessions/session-id';
import { addExamples, addRoutineOptions, type RoutineFlags } from '../support/command-options';
import { withRoutineClient } from '../support/connection';
import { exitCodes, reportMissingSession } from '../support/errors';
import { pluralize, printMessage, printResult } from '../support/output';
import { parseCondition } from '../support/parsers';
import { processContext } from '../support/process-context';
import { assertTerminal, confirm } from '../support/prompt';
import { resolveTarget, type Target } from '../support/target';

interface EndFlags extends RoutineFlags {
  readonly where?: string;
  readonly all?: boolean;
  readonly yes?: boolean;
  readonly except?: string;
}

export function registerEnd(program: Command): void {
  const command = program
    .command('end')
    .summary('end one session, all with an attribute value, or all')
    .description(
      'Ends a live session by its id, or with --where all live sessions with an attribute ' +
        'value. Exit code 1 means that no live session has the id. The account needs the role ' +
        'operator only.',
    )
    .argument('[sid]', 'session id')
    .option('--where <attribute=value>', 'end all sessions with this value, such as user_id=42')
    .option('--except <sid>', 'session id to keep, with --where')
    .option('--all', 'end every session: all users are logged out')
    .option('-y, --yes', 'end every session without asking, with --all');
  addExamples(addRoutineOptions(command), [
    'knex-mysql-session end --where user_id=42 --url mysql://support@db.example/shop',
    'knex-mysql-session end --where user_id=42 --except Xk3nFq0',
  ]).action(async (sid: string | undefined, flags: EndFlags) => {
    const endSessions = parseSelection(sid, flags);
    const target = flags.all ? await resolveTarget(flags) : undefined;
    if (target && !flags.yes && !(await confirmEnd(target))) {
      printMessage('Canceled. Nothing was changed.');
      processContext().exitCode = exitCodes.failed;
      return;
    }
    const ended = await withRoutineClient(flags, 'operator', endSessions, target);
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
  { where, all, except }: EndFlags,
): (routines: RoutineClient) => Promise<number> {
  const selections = [sid, where, all].filter((selection) => selection !== undefined);
  if (selections.length !== 1) {
    const got = selections.length === 0 ? 'none' : 'more than one';
    throw new ArgumentError('where', 'the only one of a session id, --where and --all', got);
  }
  if (all && except !== undefined) {
    throw new ArgumentError('except', 'given with --where', '--all');
  }
  if (all) {
    return clearAll;
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

async function confirmEnd({ address, database }: Target): Promise<boolean> {
  assertTerminal('yes', 'given with --all, which asks at a terminal');
  return confirm(
    `This ends every session in ${database} at ${address}. All users are logged out. Continue?`,
  );
}

async function endOne(routines: RoutineClient, sid: string): Promise<number> {
  const row = await routines.get(sid);
  await routines.destroy(sid);
  return row ? 1 : 0;
}
