import type { ConnectionOptions } from '../../database/connection-options';
import { Database } from '../../database/database';
import { ArgumentError } from '../../errors';
import { parseDatabaseName } from '../../util/identifiers';
import type { DatabaseFlags } from './command-options';
import { type DatabaseItem, matchDatabases, parseDatabaseList } from './database-list';
import { type Destination, explainConnectionError } from './errors';
import { resolveServer, type Server } from './server';

/** A database of a server, and how to connect to it. */
export interface Target extends Destination {
  readonly connection: ConnectionOptions;
}

/**
 * Finds the database of a command.
 *
 * @throws {ArgumentError} if the flags, the environment and the option files name none
 */
export async function resolveTarget(flags: DatabaseFlags): Promise<Target> {
  const named =
    flags.database === undefined ? undefined : parseDatabaseName('database', flags.database);
  const server = await resolveServer(flags);
  const database = named ?? server.database;
  if (database === undefined) {
    const expected =
      'given, or named by the URL, as in mysql://dba@db.example/shop, or by an option file';
    throw new ArgumentError('database', expected, 'none');
  }
  return targetOf(server, database);
}

/**
 * Finds the databases of a command, each one once. The server is asked only for a pattern.
 *
 * @throws {ArgumentError} if a name is wrong, or a pattern matches no database
 */
export async function resolveTargets(flags: DatabaseFlags, list: string): Promise<Target[]> {
  if (flags.database !== undefined) {
    throw new ArgumentError('databases', 'given without --database', 'both');
  }
  const items = parseDatabaseList('databases', list);
  const server = await resolveServer(flags);
  const names = items.some(({ kind }) => kind === 'pattern')
    ? await matchOnServer(server, items)
    : items.flatMap((item) => matchDatabases('databases', item, [], false));
  return [...new Set(names)].map((name) => targetOf(server, name));
}

function targetOf({ address, connection }: Server, database: string): Target {
  return { address, database, connection: { ...connection, database } };
}

async function matchOnServer(server: Server, items: readonly DatabaseItem[]): Promise<string[]> {
  const database = Database.open(server.connection);
  try {
    const rows = await database.query(
      'SELECT schema_name, @@lower_case_table_names FROM information_schema.schemata ORDER BY 1',
    );
    const existing = rows.map(([name]) => String(name));
    const ignoresCase = Number(rows[0]?.[1]) !== 0;
    return items.flatMap((item) => matchDatabases('databases', item, existing, ignoresCase));
  } catch (error) {
    throw explainConnectionError(error, { address: server.address, database: '' });
  } finally {
    await database.close();
  }
}
