import { DatabaseError } from '../errors';
import type { Row } from '../rows';
import { errno } from '../servers';
import { quoteAccount } from './account';
import { quoteIdentifier } from './names';
import type { ConnectedTarget } from './target';

/** The event as the server has it. */
export interface InstalledEvent {
  readonly name: string;
  /** Whether it works on the table: its comment names it. */
  readonly own: boolean;
  /** Seconds between two runs; undefined where it was changed to other units. */
  readonly every: number | undefined;
  /** `ENABLED`, or why it is not run: `DISABLED`, or a word for being disabled on a replica. */
  readonly state: string;
  readonly lastExecuted: Date | null;
  /** Whether its definer has the right to run events. */
  readonly permitted: boolean;
}

export async function readEvent(target: ConnectedTarget): Promise<InstalledEvent | undefined> {
  const { names } = target;
  const name = `${names.prefix}gc`;
  const row = await readRow(target, name);
  if (row === undefined) {
    return undefined;
  }
  const [comment, unit, interval, state, definer, lastExecuted] = row;
  return {
    name,
    own: String(comment).includes(quoteIdentifier(names.table)),
    every: unit === 'SECOND' ? Number(interval) : undefined,
    state: String(state),
    lastExecuted: lastExecuted === null ? null : new Date(String(lastExecuted)),
    permitted: await isPermitted(target, String(definer)),
  };
}

// A server that was started without its scheduler may not even tell which events there are.
async function readRow({ connection }: ConnectedTarget, name: string): Promise<Row | undefined> {
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

// Only of the account that was made for it is it known that no role gives it the right.
async function isPermitted(target: ConnectedTarget, definer: string): Promise<boolean> {
  if (definer !== `${target.definer}@localhost`) {
    return true;
  }
  try {
    const account = { user: target.definer, host: 'localhost' };
    const lines = await target.connection.query(`SHOW GRANTS FOR ${quoteAccount(account)}`);
    return lines.some(([line]) => /^GRANT (?:.*\bEVENT\b.*|ALL PRIVILEGES) ON \S+\.\* /.test(String(line)));
  } catch (error) {
    if (error instanceof DatabaseError && error.errno !== undefined) {
      // Where the installing account may not look, the right is taken to be there.
      return error.errno !== errno.noSuchGrant;
    }
    throw error;
  }
}
