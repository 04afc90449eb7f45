import type { Row } from '../../database/connection';
import { errno } from '../../database/error-codes';
import { DatabaseError } from '../../errors';
import type { ConnectedConfig } from '../install-config';
import { definerAccount, quoteAccount } from '../sql/account';
import { isOwnComment } from '../sql/names';

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
  /** Whether its definer has the privilege EVENT. */
  readonly hasPrivilege: boolean;
}

export async function readEvent(config: ConnectedConfig): Promise<InstalledEvent | undefined> {
  const { names } = config;
  const name = `${names.prefix}gc`;
  const row = await readRow(config, name);
  if (row === undefined) {
    return undefined;
  }
  const [comment, unit, interval, state, definer, lastExecuted] = row;
  return {
    name,
    isOwn: isOwnComment(names, String(comment)),
    every: unit === 'SECOND' ? Number(interval) : undefined,
    state: String(state),
    lastExecuted: lastExecuted === null ? null : new Date(String(lastExecuted)),
    hasPrivilege: await definerHasPrivilege(config, String(definer)),
  };
}

// A server that runs without its scheduler may even refuse to list events.
async function readRow({ connection }: ConnectedConfig, name: string): Promise<Row | undefined> {
  try {
    const [row] = await connection.query(
      `SELECT event_comment, interval_field, interval_value, status, definer,
         DATE_FORMAT(CONVERT_TZ(last_executed, time_zone, '+00:00'), '%Y-%m-%dT%TZ')
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

// Another account may have the privilege through a role. The definer of the installer has no role.
async function definerHasPrivilege(config: ConnectedConfig, definer: string): Promise<boolean> {
  const account = definerAccount(config);
  if (definer !== `${account.user}@${account.host}`) {
    return true;
  }
  try {
    const lines = await config.connection.query(`SHOW GRANTS FOR ${quoteAccount(account)}`);
    return lines.some(([line]) =>
      /^GRANT (?:.*\bEVENT\b.*|ALL PRIVILEGES) ON \S+\.\* /.test(String(line)),
    );
  } catch (error) {
    if (error instanceof DatabaseError && error.errno !== undefined) {
      // If the installing account may not look, assume that the privilege exists.
      return error.errno !== errno.noSuchGrant;
    }
    throw error;
  }
}
