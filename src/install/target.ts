import { type Connection, type ConnectionOptions, Database } from '../database';
import { ArgumentError, describe, InstallationError } from '../errors';
import { type Capabilities, capabilitiesOf } from '../servers';
import type { PlannedAttribute } from './attributes/attribute-steps';
import { type EventChoice, type EventOption, parseEvent } from './event';
import { definerName, type Names, type Naming, namesOf } from './names';

export interface InstallOptions extends Naming {
  /**
   * A URL such as `mysql://dba@db.example/shop`, or mysql2's settings. It names the database, and an
   * account that may install: a DBA's, not the application's.
   */
  readonly connection: string | ConnectionOptions;
  /**
   * `current`: the routines run as the account that installs them, and no account is made for it. For
   * managed servers, where nobody may name another one as definer. The installation remembers it.
   * @default an account of the installation's own, locked, with no right but those that the routines need
   */
  readonly definer?: 'current' | undefined;
  /**
   * Whether an event of the database deletes the expired sessions; `every` is in seconds, 1 to 86,400. The
   * installation remembers it.
   * @default what was installed before, which is no event at first; every 60 seconds where nothing else is said
   */
  readonly event?: EventOption | undefined;
}

/** Where something is installed, and under which names. */
export interface Target {
  readonly database: string;
  readonly names: Names;
  /** The account that is made for the routines to run as. */
  readonly definer: string;
  /** Whether they run as whoever installs them instead. */
  readonly currentDefiner: boolean;
  readonly capabilities: Capabilities;
  /** Seconds between two runs of the event that cleans up; undefined where there is to be none. */
  readonly every?: number | undefined;
  /** What sessions can be found and ended by. */
  readonly attributes: readonly PlannedAttribute[];
}

/** A target, and one connection on which it can be changed. */
export interface ConnectedTarget extends Target {
  readonly connection: Connection;
  /** What is asked for the event; undefined leaves it as it is. */
  readonly event?: EventChoice | undefined;
}

/**
 * What a statement is captured with when it makes a routine: the same everywhere, whatever the server's
 * and the client's defaults. TRADITIONAL is strict on every server, and where it is to be had it keeps
 * GRANT from making accounts. Without autocommit the last line of the log would be lost.
 */
export const sessionSettings = [
  'SET SESSION autocommit = 1',
  'SET NAMES utf8mb4 COLLATE utf8mb4_bin',
  "SET SESSION sql_mode = 'TRADITIONAL'",
];

/** Opens one connection to the target for as long as `work` lasts. */
export async function withTarget<T>(
  { connection: settings, definer: choice, event: eventOption, ...naming }: InstallOptions,
  work: (target: ConnectedTarget) => Promise<T>,
): Promise<T> {
  const names = namesOf(naming);
  const currentDefiner = isCurrent(choice);
  const event = parseEvent(eventOption);
  const pool = Database.open(settings);
  try {
    return await pool.withConnection(async (connection) => {
      for (const setting of sessionSettings) {
        await connection.query(setting);
      }
      const database = await databaseOf(connection);
      const capabilities = await capabilitiesOf(connection);
      const definer = definerName(database, names);
      return work({
        connection,
        database,
        names,
        definer,
        currentDefiner,
        capabilities,
        event,
        attributes: [],
      });
    });
  } finally {
    await pool.close();
  }
}

/** Checks the choice of who the routines run as: `current`, or nothing for an account of their own. */
export function isCurrent(definer: unknown): boolean {
  if (definer !== undefined && definer !== 'current') {
    throw new ArgumentError('definer', "'current', or left out", describe(definer));
  }
  return definer === 'current';
}

async function databaseOf(connection: Connection): Promise<string> {
  const [row] = await connection.query('SELECT DATABASE()');
  if (typeof row?.[0] !== 'string') {
    throw new InstallationError(
      'The connection names no database: add it, as in mysql://dba@db.example/shop',
    );
  }
  return row[0];
}
