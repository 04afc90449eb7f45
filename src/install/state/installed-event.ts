import type { Row } from '../../database/connection';
import { errno } from '../../database/error-codes';
import { DatabaseError } from '../../errors';
import type { ConnectedConfig } from '../install-config';
import { type Account, parseStoredAccount } from '../sql/account';
import { isOwnComment } from '../sql/names';
import { otherSettings, parseOtherSettings } from './installed-routine';

/** The event, as the server has it. */
export interface InstalledEvent {
  readonly name: string;
  /** Whether it belongs to the table: its comment says so. */
  readonly isOwn: boolean;
  /** Seconds between two runs; `undefined` if it has another unit now. */
  readonly every: number | undefined;
  /** `ENABLED`, `DISABLED`, or a word for an event that the source of a replica runs. */
  readonly state: string;
  readonly lastExecuted: Date | null;
  readonly body: string;
  readonly definer: Account;
  /** The settings it was created with, where they are not those of this connection. */
  readonly otherSettings: readonly string[];
}

export async function readEvent(config: ConnectedConfig): Promise<InstalledEvent | undefined> {
  const { names } = config;
  const name = `${names.prefix}gc`;
  const row = await readRow(config, name);
  if (row === undefined) {
    return undefined;
  }
  const [comment, unit, interval, state, definer, lastExecuted, body, settings] = row;
  return {
    name,
    isOwn: isOwnComment(names, String(comment)),
    every: unit === 'SECOND' ? Number(interval) : undefined,
    state: String(state),
    lastExecuted: lastExecuted === null ? null : new Date(String(lastExecuted)),
    body: String(body),
    definer: parseStoredAccount(String(definer)),
    otherSettings: parseOtherSettings(String(settings)),
  };
}

// A server that runs without its scheduler may even refuse to list events.
async function readRow({ connection }: ConnectedConfig, name: string): Promise<Row | undefined> {
  try {
    const [row] = await connection.query(
      `SELECT event_comment, interval_field, interval_value, status, definer,
         DATE_FORMAT(CONVERT_TZ(last_executed, time_zone, '+00:00'), '%Y-%m-%dT%TZ'),
         event_definition, ${otherSettings}
       FROM information_schema.events WHERE event_schema = DATABASE() AND event_name = ?`,
      [name],
    );
    return row;
  } catch (error) {
    if (error instanceof DatabaseError && error.errno === errno.eventsUnavailable) {
      return undefined;
    }
    throw error;
  }
}
