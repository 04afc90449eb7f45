import { channel } from 'node:diagnostics_channel';
import { now } from '../util/timers';

/** How a call or a cleanup ended. */
export interface Outcome {
  /** In milliseconds. */
  readonly duration: number;
  readonly outcome: 'ok' | 'error';
  /** The error, or undefined for the outcome `ok`. Its message has no session data. */
  readonly error: unknown;
}

/** A message of the channel `knex-mysql-session:call`: a routine was called. */
export interface CallEvent extends Outcome {
  /** The name of the routine, with its prefix. */
  readonly routine: string;
  /** The number of attempts after the first. */
  readonly retries: number;
}

/** A message of the channel `knex-mysql-session:cleanup`: a cleanup has ended. */
export interface CleanupEvent extends Outcome {
  /** The number of deleted sessions. 0 after an error, even if batches before it deleted some. */
  readonly deleted: number;
  /**
   * If other transactions, such as another cleanup, held all expired sessions that were left:
   * milliseconds since the first of them expired. Else null.
   */
  readonly overdueMs: number | null;
}

/**
 * A message of the channel `knex-mysql-session:lost`: a save or touch found its session deleted.
 */
export interface LostEvent {
  /** The SHA-256 of the session's id, as 64 hexadecimal digits. */
  readonly id: string;
}

// https://nodejs.org/api/diagnostics_channel.html
const callChannel = channel('knex-mysql-session:call');
const cleanupChannel = channel('knex-mysql-session:cleanup');
const lostChannel = channel('knex-mysql-session:lost');

/** Makes a call and publishes its outcome. The call reports each attempt by `onAttempt`. */
export async function traceCall<Result>(
  routine: string,
  call: (onAttempt: () => void) => Promise<Result>,
): Promise<Result> {
  let attempts = 0;
  return trace(
    () => call(() => attempts++),
    (outcome) => {
      const retries = Math.max(attempts - 1, 0);
      callChannel.publish({ routine, retries, ...outcome } satisfies CallEvent);
    },
  );
}

/** Runs a cleanup and publishes its outcome. */
export async function traceCleanup<Result extends Pick<CleanupEvent, 'deleted' | 'overdueMs'>>(
  cleanUp: () => Promise<Result>,
): Promise<Result> {
  return trace(cleanUp, (outcome, result) => {
    const { deleted = 0, overdueMs = null } = result ?? {};
    cleanupChannel.publish({ deleted, overdueMs, ...outcome } satisfies CleanupEvent);
  });
}

/** @param id the SHA-256 of the session's id */
export function publishLost(id: string): void {
  lostChannel.publish({ id } satisfies LostEvent);
}

async function trace<Result>(
  work: () => Promise<Result>,
  publish: (outcome: Outcome, result?: Result) => void,
): Promise<Result> {
  const startedAt = now();
  const duration = () => now() - startedAt;
  try {
    const result = await work();
    publish({ duration: duration(), outcome: 'ok', error: undefined }, result);
    return result;
  } catch (error) {
    publish({ duration: duration(), outcome: 'error', error });
    throw error;
  }
}
