import { everyOf } from './event';
import type { Installed } from './inspect';
import { quoteIdentifier } from './names';
import type { ConnectedTarget } from './target';

/** The event that deletes the expired sessions. */
export interface EventStatus {
  readonly name: string;
  /** Seconds between two runs. */
  readonly every: number;
  /** Whether the server really runs it. */
  readonly running: boolean;
  /** Why it does not run, with the remedy; null where it does. */
  readonly trouble: string | null;
  /** When it last ran; null where it never did. */
  readonly lastExecuted: Date | null;
}

/** What there is to tell of the event; null where none was asked for. */
export async function eventStatusOf(
  target: ConnectedTarget,
  installed: Installed,
): Promise<EventStatus | null> {
  const every = everyOf(target.event, installed);
  if (every === undefined) {
    return null;
  }
  const trouble = await troubleOf(target, installed);
  return {
    name: `${target.names.prefix}gc`,
    every,
    running: trouble === null,
    trouble,
    lastExecuted: installed.event?.lastExecuted ?? null,
  };
}

async function troubleOf({ connection }: ConnectedTarget, { event }: Installed): Promise<string | null> {
  const [row] = await connection.query('SELECT @@GLOBAL.event_scheduler');
  const scheduler = row?.[0];
  if (scheduler === 'DISABLED') {
    return (
      "The server's event scheduler is disabled until a restart: event_scheduler = ON in the section [mysqld] of " +
      "the server's configuration file"
    );
  }
  if (!event?.own) {
    return 'The event is not there: run knex-mysql-session migrate';
  }
  if (!event.permitted) {
    return 'The account that it runs as has lost the right to it: run knex-mysql-session migrate';
  }
  if (event.state === 'DISABLED') {
    return `The event is disabled: ALTER EVENT ${quoteIdentifier(event.name)} ENABLE`;
  }
  if (event.state !== 'ENABLED') {
    return `The event runs on another server, from which this one takes its data (${event.state})`;
  }
  if (scheduler !== 'ON') {
    return (
      "The server's event scheduler is off: SET GLOBAL event_scheduler = ON, and, so that it stays on after a " +
      "restart, event_scheduler = ON in the section [mysqld] of the server's configuration file"
    );
  }
  return null;
}
