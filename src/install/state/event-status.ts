import { formatCommand, restartWith } from '../command';
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
  /** Why the server does not run it; `null` if it does. */
  readonly problem: string | null;
  /** The fix, in order: statements, commands, and what to do elsewhere, after a `#`. */
  readonly remedy: readonly string[];
  /** Another fix, where two are possible. */
  readonly alternative?: readonly string[];
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
  const found = await findProblem(config, installed);
  return {
    name: `${config.names.prefix}gc`,
    every,
    running: found.problem === null,
    ...found,
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

type Problem = Pick<EventStatus, 'problem' | 'remedy' | 'alternative'>;

/** The line of a server's configuration with which the scheduler runs after a restart. */
const schedulerSetting = 'event_scheduler = ON';

async function findProblem(config: ConnectedConfig, installed: Installation): Promise<Problem> {
  const { connection } = config;
  const { event } = installed;
  const command = (text: string) => formatCommand(text, config.names.flags);
  const migrate = [command('migrate')];
  const [row] = await connection.query('SELECT @@GLOBAL.event_scheduler');
  const scheduler = row?.[0];
  if (scheduler === 'DISABLED') {
    return {
      problem: "The server's event scheduler is disabled until a restart",
      remedy: [restartWith(schedulerSetting)],
    };
  }
  if (!event?.isOwn) {
    return { problem: 'The event does not exist', remedy: migrate };
  }
  if (!hasEventPrivilege(config, installed)) {
    return { problem: 'The definer lost the privilege EVENT', remedy: migrate };
  }
  if (event.state === 'DISABLED') {
    const alternative = [command('migrate --no-event')];
    return { problem: 'The event is disabled', remedy: migrate, alternative };
  }
  if (event.state !== 'ENABLED') {
    return installed.isReadOnly
      ? {
          problem: `The event runs on the server that this one replicates (${event.state})`,
          remedy: [],
        }
      : {
          problem: `The server still waits for another that it replicated (${event.state})`,
          remedy: migrate,
        };
  }
  if (scheduler !== 'ON') {
    return {
      problem: "The server's event scheduler is off",
      remedy: [`SET GLOBAL ${schedulerSetting};`, restartWith(schedulerSetting)],
    };
  }
  return { problem: null, remedy: [] };
}
