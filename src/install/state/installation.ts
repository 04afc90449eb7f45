import { attributeOf } from '../../contract';
import type { Connection } from '../../database/connection';
import { errno } from '../../database/error-codes';
import { DatabaseError } from '../../errors';
import type { ConnectedConfig } from '../install-config';
import { type Account, definerAccount, quoteAccount } from '../sql/account';
import { isOwnComment } from '../sql/names';
import { type InstalledEvent, readEvent } from './installed-event';
import {
  currentDefinerFacts,
  findEntry,
  type MigrationLog,
  type RoleGrant,
  readMigrationLog,
  recordedAttributes,
  recordedGrants,
} from './migration-log';

export interface Column {
  readonly name: string;
  readonly type: string;
}

/** What a database contains of an installation. */
export interface Installation {
  readonly log: MigrationLog;
  /** The columns of the table; empty if the table does not exist. */
  readonly columns: readonly Column[];
  /** The names of the table's indexes. */
  readonly indexes: readonly string[];
  /** The procedures whose name has the prefix, each with its COMMENT. */
  readonly routines: ReadonlyMap<string, string>;
  /** Whether the routines run as the account that installs: now requested, or recorded. */
  readonly currentDefiner: boolean;
  /** The accounts that the routines of this table run as. */
  readonly definers: readonly Account[];
  /** Whether the server has every account that the routines run as. */
  readonly definerExists: boolean;
  /** The recorded roles whose account and attribute still exist. */
  readonly grants: readonly RoleGrant[];
  /** The event with the name that ours has. It may belong to others. */
  readonly event: InstalledEvent | undefined;
}

/** Reads what is installed. Changes nothing. */
export async function readInstallation(config: ConnectedConfig): Promise<Installation> {
  const { connection, names } = config;
  const log = await readMigrationLog(config);
  const columns = await readColumns(connection, names.table);
  const indexes = await readIndexes(connection, names.table);
  const routines = await connection.query(
    `SELECT routine_name, routine_comment, definer FROM information_schema.routines
     WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE' AND LEFT(routine_name, ?) = ?`,
    [names.prefix.length, names.prefix],
  );
  const currentDefiner = config.currentDefiner || findEntry(log, currentDefinerFacts) !== undefined;
  const definers = new Set(
    routines.flatMap(([, comment, definer]) =>
      isOwnComment(names, String(comment)) ? [String(definer)] : [],
    ),
  );
  return {
    log,
    columns,
    indexes,
    routines: new Map(routines.map(([name, comment]) => [String(name), String(comment)])),
    currentDefiner,
    definers: [...definers].map(parseDefiner),
    definerExists: await allExist(
      connection,
      currentDefiner ? [...definers].map(parseDefiner) : [definerAccount(config)],
    ),
    grants: await readGrants(connection, log),
    event: await readEvent(config),
  };
}

/** Returns the names of the routines that belong to the table. */
export function findOwnRoutines(
  { names }: Pick<ConnectedConfig, 'names'>,
  { routines }: Pick<Installation, 'routines'>,
): string[] {
  return [...routines].flatMap(([name, comment]) => (isOwnComment(names, comment) ? [name] : []));
}

// The catalog shows an account without quotes, and a user name may contain an @.
function parseDefiner(definer: string): Account {
  const at = definer.lastIndexOf('@');
  return { user: definer.slice(0, at), host: definer.slice(at + 1) };
}

/** Returns the account that the server uses for this connection. */
export async function currentUser(connection: Connection): Promise<Account> {
  const [row] = await connection.query('SELECT CURRENT_USER()');
  return parseDefiner(String(row?.[0]));
}

async function allExist(connection: Connection, accounts: readonly Account[]): Promise<boolean> {
  for (const account of accounts) {
    if (!(await accountExists(connection, account))) {
      return false;
    }
  }
  return true;
}

/**
 * Returns whether the server has an account. If the installing account may not look, the answer is
 * true: the statement that uses the account then fails with a clear error.
 */
export async function accountExists(connection: Connection, account: Account): Promise<boolean> {
  try {
    await connection.query(`SHOW GRANTS FOR ${quoteAccount(account)}`);
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.errno !== undefined) {
      return error.errno !== errno.noSuchGrant;
    }
    throw error;
  }
}

async function readGrants(connection: Connection, log: MigrationLog): Promise<RoleGrant[]> {
  const attributes = recordedAttributes(log).map(({ name }) => name);
  const grants: RoleGrant[] = [];
  for (const grant of recordedGrants(log)) {
    const attribute = attributeOf(grant.role);
    const isKnown = attribute === undefined || attributes.includes(attribute);
    if (isKnown && (await accountExists(connection, grant.account))) {
      grants.push(grant);
    }
  }
  return grants;
}

async function readColumns(connection: Connection, table: string): Promise<Column[]> {
  const rows = await connection.query(
    `SELECT column_name, column_type FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position`,
    [table],
  );
  return rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
}

async function readIndexes(connection: Connection, table: string): Promise<string[]> {
  const rows = await connection.query(
    `SELECT DISTINCT index_name FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = ?`,
    [table],
  );
  return rows.map(([name]) => String(name));
}
