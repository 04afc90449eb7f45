import type { Command } from 'commander';
import { ArgumentError, describe } from '../errors';
import type { EventOption } from '../install';

export interface EventFlags {
  /** Undefined where neither --event nor --no-event was given. */
  readonly event?: boolean;
  readonly every?: string;
}

export function withEvent(command: Command): Command {
  return command
    .optionsGroup('Cleanup:')
    .option('--event', 'let an event of the database delete the expired sessions; upgrades keep it')
    .option('--no-event', 'take that event away')
    .option('--every <seconds>', 'how often the event runs, 1 to 86400 (default: 60, or as it was)');
}

/** What the flags ask for; undefined leaves the event as it is. */
export function eventOf({ event, every }: EventFlags): EventOption | undefined {
  if (every === undefined) {
    return event;
  }
  if (event === false) {
    throw new ArgumentError('every', 'given without --no-event', 'both');
  }
  if (!/^\d+$/.test(every)) {
    throw new ArgumentError('every', 'a whole number of seconds, 1 to 86400', describe(every));
  }
  return { every: Number(every) };
}
