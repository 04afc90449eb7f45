import type { TestDatabase } from '../support/database';

/** Everything that an installation creates, as the server shows it. */
export interface Catalog {
  readonly tables: unknown[];
  readonly routines: unknown[];
  /** By account, including the definer. */
  readonly grants: Record<string, string[]>;
  readonly log: unknown[];
}

export async function readCatalog(database: TestDatabase): Promise<Catalog> {
  const { query } = database;
  const tables = await namesOf(database, 'tables', 'table_name', 'table_schema');
  const routines = await namesOf(database, 'routines', 'routine_name', 'routine_schema');
  const log = tables.find((name) => name.endsWith('_migrations'));
  return {
    tables: await each(tables, async (name) => {
      const [row] = await query(`SHOW CREATE TABLE ${name}`);
      // The log has a number for each row that it ever had.
      return [name, String(row?.[1]).replace(/ AUTO_INCREMENT=\d+/, '')];
    }),
    routines: await each(
      routines,
      async (name) => (await query(`SHOW CREATE PROCEDURE ${name}`))[0],
    ),
    grants: await grantsOf(database),
    log:
      log === undefined
        ? []
        : [
            ...(await query(
              `SELECT kind, name, JSON_REMOVE(details, '$.created', '$.credential'), checksum FROM ${log}
               WHERE id IN (SELECT MAX(id) FROM ${log} GROUP BY kind, name)
                 AND kind <> 'lock' AND action <> 'removed' ORDER BY kind, name`,
            )),
          ],
  };
}

/** A catalog with the event and the definer. */
export interface FullCatalog extends Catalog {
  readonly events: unknown[];
  /** How the definer logs in, and whether it is locked. */
  readonly definer: unknown[];
}

/** Reads a catalog with the event, without its creation time, and the definer. */
export async function readFullCatalog(database: TestDatabase): Promise<FullCatalog> {
  const { query } = database;
  const definer = definerOf(database);
  const found = await query(
    "SELECT 1 FROM mysql.user WHERE CONCAT(QUOTE(user), '@', QUOTE(host)) = ?",
    [definer],
  );
  return {
    ...(await readCatalog(database)),
    events: [
      ...(await query(
        `SELECT event_name, definer, time_zone, event_definition, interval_value, interval_field, sql_mode,
           status, on_completion, event_comment
         FROM information_schema.events WHERE event_schema = DATABASE()`,
      )),
    ],
    definer: found.length > 0 ? [...(await query(`SHOW CREATE USER ${definer}`))] : [],
  };
}

/** Returns the definer of an installation with default names, as in SQL. */
export function definerOf({ name }: TestDatabase): string {
  return `'${name}.sess_'@'localhost'`;
}

/** Returns the grants of the accounts of this database, without USAGE. */
export async function grantsOf({ name, query }: TestDatabase): Promise<Record<string, string[]>> {
  const accounts = await query(
    "SELECT CONCAT(QUOTE(user), '@', QUOTE(host)) FROM mysql.user WHERE LEFT(user, ?) = ? ORDER BY user",
    [name.length, name],
  );
  const grants = await each(accounts, async ([account]) => {
    const rows = await query(`SHOW GRANTS FOR ${account}`);
    const lines = rows
      .map(([line]) => String(line))
      .filter((line) => !line.startsWith('GRANT USAGE'));
    return [String(account), lines.sort()] as const;
  });
  return Object.fromEntries(grants);
}

/** Returns the names of the routines, in order. */
export function routinesOf(database: TestDatabase): Promise<string[]> {
  return namesOf(database, 'routines', 'routine_name', 'routine_schema');
}

export function tablesOf(database: TestDatabase): Promise<string[]> {
  return namesOf(database, 'tables', 'table_name', 'table_schema');
}

// One at a time: with many tests at once, the server would run out of connections.
async function each<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) {
    results.push(await work(item));
  }
  return results;
}

async function namesOf(
  { query }: TestDatabase,
  source: string,
  column: string,
  schema: string,
): Promise<string[]> {
  const rows = await query(
    `SELECT ${column} FROM information_schema.${source} WHERE ${schema} = DATABASE() ORDER BY ${column}`,
  );
  return rows.map(([name]) => String(name));
}
