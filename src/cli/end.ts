import type { Command } from 'commander';
import { destroyAll } from '../destroy-all';
import { ArgumentError } from '../errors';
import type { Routines } from '../routines';
import { assertSessionId } from '../session-id';
import { type OutputFlags, withConnection, withExamples, withJson, withPrefix } from './options';
import { count, print, printJson } from './output';
import { type RoutineFlags, withRoutines } from './routines';
import { parseWhere } from './where';

interface EndFlags extends RoutineFlags, OutputFlags {
  readonly where?: string;
  readonly except?: string;
}

export function addEnd(program: Command): void {
  const command = program
    .command('end')
    .summary('end a session, or those of somebody')
    .description(
      'Ends live sessions at once: the one of an id, or with --where those whose attribute has a value. An account with the role operator is enough.',
    )
    .argument('[sid]', 'the id of a session')
    .option('--where <attribute=value>', 'such as user_id=42; attribute list shows which there are')
    .option('--except <sid>', 'the id of a session to keep, with --where');
  withExamples(withJson(withPrefix(withConnection(command))), [
    'knex-mysql-session end --where user_id=42 --url mysql://support@db.example/shop',
    'knex-mysql-session end --where user_id=42 --except Xk3nFq0',
  ]).action(async (sid: string | undefined, flags: EndFlags) => {
    const work = workOf(sid, flags);
    const ended = await withRoutines(flags, 'operator', work);
    if (flags.json) {
      printJson({ ended });
    } else {
      print(`${count(ended, 'session')} ended.`);
    }
  });
}

function workOf(
  sid: string | undefined,
  { where, except }: EndFlags,
): (routines: Routines) => Promise<number> {
  if ((sid === undefined) === (where === undefined)) {
    const got = sid === undefined ? 'neither' : 'both';
    throw new ArgumentError('where', 'given, or else the id of a session', got);
  }
  if (except !== undefined) {
    assertSessionId(except);
  }
  if (where !== undefined) {
    const { attribute, value } = parseWhere(where);
    return (routines) => destroyAll(routines, attribute, value, except ?? null);
  }
  assertSessionId(sid);
  if (except !== undefined) {
    throw new ArgumentError('except', 'given only with --where', 'the id of a session besides');
  }
  return (routines) => endOne(routines, sid);
}

async function endOne(routines: Routines, sid: string): Promise<number> {
  const found = await routines.get(sid, 'operator');
  await routines.destroy(sid, 'operator');
  return found ? 1 : 0;
}
