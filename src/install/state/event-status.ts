import { formatCommand } from '../command';
import type { ConnectedConfig, InstallConfig } from '../install-config';
import { createScope, hasDatabasePrivilege } from '../privileges/scope';
import type { Installation } from './installation';

/** The event that cleans up. */
export interface EventStatus {
  readonly name: string;
  /** Seconds between two runs. */
  readonly every: number;
  /** Whether the server runs it. */
  readonly running: boolean;
  /** Why the server does not run it, with the remedy; `null` if it does. */
  readonly problem: string | null;
  /** When it last ran; `null` if it never did. */
  readonly lastExecuted: Date | null;
}

/**
 * Reads the state of the event.
 *
 * @param every the seconds between two runs that it should have; `undefined` for no event
 */
export async function readEventStatus(
  config: ConnectedConfig,
  installed: Installation,
  every: number | undefined,
): Promise<EventStatus | null> {
  if (every === undefined) {
    return null;
  }
  const problem = await findProblem(config, installed);
  return {
    name: `${config.names.prefix}gc`,
    every,
    running: problem === null,
    problem,
    lastExecuted: installed.event?.lastExecuted ?? null,
  };
}

/** Returns whether the server runs events of the definer. */
export function hasEventPrivilege(
  config: InstallConfig,
  { definer, currentDefiner }: Pick<Installation, 'definer' | 'currentDefiner'>,
): boolean {
  // An account that installs has the privilege: else it could not create the event.
  return (
    currentDefiner ||
    hasDatabasePrivilege(definer?.privileges ?? [], ['EVENT'], createScope(config, []))
  );
}

async function findProblem(
  config: ConnectedConfig,
  installed: Installation,
): Promise<string | null> {
  const { connection } = config;
  const { event } = installed;
  const command = (text: string) => formatCommand(text, config.names.flags);
  const [row] = await connection.query('SELECT @@GLOBAL.event_scheduler');
  const scheduler = row?.[0];
  if (scheduler === 'DISABLED') {
    return (
      "The server's event scheduler is disabled until a restart: write event_scheduler = ON into the " +
      "section [mysqld] of the server's configuration file, and restart the server"
    );
  }
  if (!event?.isOwn) {
    return `The event does not exist: run ${command('migrate')}`;
  }
  if (!hasEventPrivilege(config, installed)) {
    return `The definer lost the privilege EVENT: run ${command('migrate')}`;
  }
  if (event.state === 'DISABLED') {
    return (
      `The event is disabled: run ${command('migrate')}, or remove it with ` +
      command('migrate --no-event')
    );
  }
  if (event.state !== 'ENABLED') {
    return installed.isReadOnly
      ? `The event runs on the server that this one replicates (${event.state})`
      : `The server still waits for another that it replicated (${event.state}): run ${command('migrate')}`;
  }
  if (scheduler !== 'ON') {
    return (
      "The server's event scheduler is off: SET GLOBAL event_scheduler = ON. To keep it on after a restart, " +
      "write event_scheduler = ON into the section [mysqld] of the server's configuration file"
    );
  }
  return null;
}
