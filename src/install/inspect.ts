import { attributeOf } from '../attributes';
import type { Connection } from '../database';
import { DatabaseError } from '../errors';
import { errno } from '../servers';
import { type Account, parseAccount, quoteAccount } from './account';
import { recordedAttributes } from './attributes/attribute-steps';
import { type InstalledEvent, readEvent } from './installed-event';
import { type Names, quoteIdentifier } from './names';
import { currentDefinerStep, definerOf, grantOfStepName, type RoleGrant } from './steps';
import type { ConnectedTarget } from './target';

/** One line of the migration log. */
export interface LogEntry {
  readonly checksum: string;
  readonly appliedAt: Date;
}

export interface Column {
  readonly name: string;
  readonly type: string;
}

/** What a database holds of an installation. */
export interface Installed {
  /** By the name of the step; undefined where there is no migration log. */
  readonly log: ReadonlyMap<string, LogEntry> | undefined;
  /** The table's columns; empty where there is no table. */
  readonly columns: readonly Column[];
  /** The names of the table's indexes. */
  readonly indexes: readonly string[];
  /** The procedures with the prefix, and the manual that each carries. */
  readonly routines: ReadonlyMap<string, string>;
  /** Whether the routines run as whoever installed them: asked for now, or when they were installed. */
  readonly currentDefiner: boolean;
  /** The accounts that the routines of this table run as. */
  readonly definers: readonly Account[];
  /** Whether the server knows every account that the routines run as, or are to run as. */
  readonly definerExists: boolean;
  /** The grants in the log whose account still exists, and whose attribute, if they are about one. */
  readonly grants: readonly RoleGrant[];
  /** The event of the name that ours has, whether it is ours or not. */
  readonly event: InstalledEvent | undefined;
}

export async function inspect(target: ConnectedTarget): Promise<Installed> {
  const { connection, names } = target;
  const log = await readLog(target);
  const columns = await columnsOf(connection, names.table);
  const indexes = await indexesOf(connection, names.table);
  const routines = await connection.query(
    `SELECT routine_name, routine_comment, definer FROM information_schema.routines
     WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE' AND LEFT(routine_name, ?) = ?`,
    [names.prefix.length, names.prefix],
  );
  const currentDefiner = target.currentDefiner || (log?.has(currentDefinerStep.name) ?? false);
  const definers = new Set(
    routines.flatMap(([, manual, definer]) => (isManualOf(names, String(manual)) ? [String(definer)] : [])),
  );
  const grants: RoleGrant[] = [];
  const attributes = recordedAttributes(log).map(({ name }) => name);
  for (const recorded of [...(log?.keys() ?? [])].map(grantOfStepName)) {
    const attribute = recorded && attributeOf(recorded.role);
    if (recorded === undefined || (attribute !== undefined && !attributes.includes(attribute))) {
      continue;
    }
    const grant = { role: recorded.role, account: parseAccount(recorded.account) };
    if (await accountExists(connection, grant.account)) {
      grants.push(grant);
    }
  }
  return {
    log,
    columns,
    indexes,
    routines: new Map(routines.map(([name, comment]) => [String(name), String(comment)])),
    currentDefiner,
    definers: [...definers].map(accountOf),
    definerExists: await allExist(
      connection,
      currentDefiner ? [...definers].map(accountOf) : [definerOf(target)],
    ),
    grants,
    event: await readEvent(target),
  };
}

/** Whether a routine that carries this manual works on the table of these names: each says so. */
export function isManualOf({ table }: Names, manual: string): boolean {
  return manual.includes(quoteIdentifier(table));
}

// The catalogue has an account without quotes, and a user's name may hold an @.
function accountOf(definer: string): Account {
  const at = definer.lastIndexOf('@');
  return { user: definer.slice(0, at), host: definer.slice(at + 1) };
}

/** The account that the server takes this connection for. */
export async function currentUser(connection: Connection): Promise<Account> {
  const [row] = await connection.query('SELECT CURRENT_USER()');
  return accountOf(String(row?.[0]));
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
 * Whether the server knows the account. Where the installing account may not look, it is taken to exist:
 * the statement that uses it then says what is wrong.
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

// Asked for outright: an account that may not look sees no table in the catalogue either, and would be
// told that nothing is installed.
async function readLog({ connection, names }: ConnectedTarget): Promise<Map<string, LogEntry> | undefined> {
  try {
    const rows = await connection.query(
      `SELECT name, checksum, DATE_FORMAT(applied_at, '%Y-%m-%dT%T.%fZ')
       FROM ${quoteIdentifier(names.migrationLog)} ORDER BY applied_at, name`,
    );
    return new Map(
      rows.map(([name, checksum, appliedAt]) => [
        String(name),
        { checksum: String(checksum), appliedAt: new Date(String(appliedAt)) },
      ]),
    );
  } catch (error) {
    if (error instanceof DatabaseError && error.errno === errno.noSuchTable) {
      return undefined;
    }
    throw error;
  }
}

async function columnsOf(connection: Connection, table: string): Promise<Column[]> {
  const rows = await connection.query(
    `SELECT column_name, column_type FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position`,
    [table],
  );
  return rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
}

async function indexesOf(connection: Connection, table: string): Promise<string[]> {
  const rows = await connection.query(
    `SELECT DISTINCT index_name FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = ?`,
    [table],
  );
  return rows.map(([name]) => String(name));
}
