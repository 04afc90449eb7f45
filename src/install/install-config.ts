import type { Connection } from '../database/connection';
import type { ConnectionOptions } from '../database/connection-options';
import { ArgumentError } from '../errors';
import { describe } from '../util/describe';

/**
 * The names of the objects. Two applications in one database need different ones. An installation
 * that exists is found by its table or its prefix, and the other names may be left out.
 */
export interface Naming {
  /** The table. @default that of the only installation of the database, else 'sessions' */
  readonly table?: string | undefined;
  /** The prefix of every routine name: `routinePrefix` of the store. @default likewise, 'sess_' */
  readonly prefix?: string | undefined;
  /** The column for the session id. @default likewise, 'sid' */
  readonly sidColumn?: string | undefined;
}

/**
 * Whether an event of the database cleans up. `every` is the number of seconds between two runs, 1
 * to 86,400. `false` removes the event.
 */
export type EventOption = boolean | { readonly every?: number | undefined };

export interface InstallOptions extends Naming {
  /**
   * A URL such as `mysql://dba@db.example/shop`, or mysql2's settings. It includes the database.
   * The account needs the grants of an installer: a DBA's account, not the application's.
   */
  readonly connection: string | ConnectionOptions;
  /**
   * `current` runs the routines as the account that installs them, and creates no definer. Use it
   * on managed servers that refuse a foreign definer. Later runs keep this choice.
   * @default a locked account with only the grants that the routines need
   */
  readonly definer?: 'current' | undefined;
  /**
   * Whether an event of the database cleans up, and how often. Later runs keep this choice.
   * @default the choice of the last run; no event at first. `true` means every 60 seconds at first.
   */
  readonly event?: EventOption | undefined;
  /**
   * Whether a copy under another database name keeps the recorded roles, and so lets the accounts
   * of the original in. Use it after a database was renamed.
   * @default false: the copy starts without them
   */
  readonly keepGrants?: boolean | undefined;
}

/** The columns of the table without the session id. */
export const ownColumns = ['sess', 'expired', 'created_at', 'updated_at'];

/** All names of an installation. */
export interface ObjectNames {
  readonly table: string;
  readonly prefix: string;
  readonly sidColumn: string;
  /** The names that a command must give to find the installation. */
  readonly flags: Naming;
  readonly index: string;
  readonly migrationLog: string;
}

/**
 * The differences between servers that the installer knows. It asks the server what it can do, and
 * never compares versions. `sess_version` reports the others. docs/servers.md has the whole list.
 */
export interface ServerCapabilities {
  /**
   * Whether it has `CREATE OR REPLACE PROCEDURE`. Without it, drop a routine first. `undefined` if
   * no server was asked.
   */
  readonly replacesRoutines: boolean | undefined;
  /** Whether `_` and `%` in the database name of a GRANT are plain characters, not wildcards. */
  readonly databasesAreLiteral: boolean;
  /** Whether it executes comments that begin with `/*M!`, as MariaDB does. */
  readonly readsMariaDbComments: boolean;
  /** Whether a statement can wait for the writes of other Galera nodes. */
  readonly waitsForCluster: boolean;
}

/** The place and the names of an installation. */
export interface InstallConfig {
  readonly database: string;
  readonly names: ObjectNames;
  /** The user name of the definer that the installer creates. */
  readonly definer: string;
  /** Whether the routines run as the account that installs them instead. */
  readonly currentDefiner: boolean;
  readonly capabilities: ServerCapabilities;
}

/** The event option, checked: `false` for no event, else the interval, if it was given. */
export type EventSetting = false | { readonly every: number | undefined };

/** A config with the connection that installs. */
export interface ConnectedConfig extends InstallConfig {
  readonly connection: Connection;
  /** Opens a second connection for a task. */
  readonly withConnection: <T>(task: (connection: Connection) => Promise<T>) => Promise<T>;
  /** `undefined` keeps the current event. */
  readonly event?: EventSetting | undefined;
  /** Whether a copy keeps the recorded roles. */
  readonly keepGrants: boolean;
}

/** The default seconds between two runs of the event. */
export const defaultEventInterval = 60;

/** The most seconds between two runs of the event. */
export const maxEventInterval = 86_400;

/**
 * Checks the option `definer`. Returns whether the routines run as the account that installs them.
 */
export function parseDefiner(definer: unknown): boolean {
  if (definer !== undefined && definer !== 'current') {
    throw new ArgumentError('definer', "'current', or left out", describe(definer));
  }
  return definer === 'current';
}

/** Checks the option `keepGrants`. */
export function parseKeepGrants(keepGrants: unknown): boolean {
  if (keepGrants !== undefined && typeof keepGrants !== 'boolean') {
    throw new ArgumentError('keepGrants', 'true, false, or left out', describe(keepGrants));
  }
  return keepGrants === true;
}

/** Checks the option `event`. `undefined` keeps the current event. */
export function parseEvent(event: unknown): EventSetting | undefined {
  if (event === undefined || event === false) {
    return event;
  }
  if (event === true) {
    return { every: undefined };
  }
  if (typeof event !== 'object' || event === null) {
    throw new ArgumentError(
      'event',
      'true, false, or settings such as { every: 60 }',
      describe(event),
    );
  }
  const every: unknown = Reflect.get(event, 'every');
  return { every: every === undefined ? undefined : parseEvery(every) };
}

function parseEvery(every: unknown): number {
  if (
    typeof every !== 'number' ||
    !Number.isInteger(every) ||
    every < 1 ||
    every > maxEventInterval
  ) {
    throw new ArgumentError(
      'every',
      `a whole number of seconds, 1 to ${maxEventInterval}`,
      describe(every),
    );
  }
  return every;
}
