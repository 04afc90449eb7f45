import { channel } from 'node:diagnostics_channel';

/** How something went. */
export interface Outcome {
  /** In milliseconds. */
  readonly duration: number;
  readonly outcome: 'ok' | 'error';
  /** What it failed with; its message holds no session data. Undefined where it did not fail. */
  readonly error: unknown;
}

/** What the channel `knex-mysql-session:call` is told of each call of a routine. */
export interface CallEvent extends Outcome {
  /** The name of the routine, with its prefix. */
  readonly routine: string;
  /** How often the call was repeated. */
  readonly retries: number;
}

/** What the channel `knex-mysql-session:cleanup` is told of each cleanup of expired sessions. */
export interface CleanupEvent extends Outcome {
  /** How many sessions it deleted; 0 where it failed, whatever it had deleted by then. */
  readonly deleted: number;
  /** Whether it found another cleanup at work, and left the rest to that. */
  readonly busy: boolean;
}

/** What the channel `knex-mysql-session:lost` is told of each session that was to be saved or touched, and is gone. */
export interface LostEvent {
  /** The SHA-256 of the session's id, in hexadecimal digits: 64 of them. */
  readonly id: string;
}

// https://nodejs.org/api/diagnostics_channel.html
const calls = channel('knex-mysql-session:call');
const cleanups = channel('knex-mysql-session:cleanup');
const losses = channel('knex-mysql-session:lost');

/** Does a call, which says each time that it is tried, and tells of it. */
export async function toldCall<Result>(
  routine: string,
  call: (onAttempt: () => void) => Promise<Result>,
): Promise<Result> {
  let attempts = 0;
  return told(
    () => call(() => attempts++),
    (outcome) => {
      calls.publish({ routine, retries: Math.max(attempts - 1, 0), ...outcome } satisfies CallEvent);
    },
  );
}

/** Does a cleanup, and tells of it. */
export async function toldCleanup<Result extends Pick<CleanupEvent, 'deleted' | 'busy'>>(
  cleanUp: () => Promise<Result>,
): Promise<Result> {
  return told(cleanUp, (outcome, result) => {
    const { deleted = 0, busy = false } = result ?? {};
    cleanups.publish({ deleted, busy, ...outcome } satisfies CleanupEvent);
  });
}

export function tellLost(id: string): void {
  losses.publish({ id } satisfies LostEvent);
}

async function told<Result>(
  work: () => Promise<Result>,
  tell: (outcome: Outcome, result?: Result) => void,
): Promise<Result> {
  const begun = performance.now();
  const duration = () => performance.now() - begun;
  try {
    const result = await work();
    tell({ duration: duration(), outcome: 'ok', error: undefined }, result);
    return result;
  } catch (error) {
    tell({ duration: duration(), outcome: 'error', error });
    throw error;
  }
}
