import type { TestDatabase } from '../database';

/** All that an installation makes, as the server tells of it. */
export interface Catalogue {
  readonly tables: unknown[];
  readonly routines: unknown[];
  /** By account, the definer included. */
  readonly grants: Record<string, string[]>;
  readonly log: unknown[];
}

export async function catalogueOf(database: TestDatabase): Promise<Catalogue> {
  const { query } = database;
  const tables = await namesOf(database, 'tables', 'table_name', 'table_schema');
  const routines = await namesOf(database, 'routines', 'routine_name', 'routine_schema');
  const log = tables.find((name) => name.endsWith('_migrations'));
  return {
    tables: await each(tables, async (name) => (await query(`SHOW CREATE TABLE ${name}`))[0]),
    routines: await each(routines, async (name) => (await query(`SHOW CREATE PROCEDURE ${name}`))[0]),
    grants: await grantsOf(database),
    log: log === undefined ? [] : [...(await query(`SELECT name, checksum FROM ${log} ORDER BY name`))],
  };
}

/** What the accounts of this database were granted, but for the right to log in. */
export async function grantsOf({ name, query }: TestDatabase): Promise<Record<string, string[]>> {
  const accounts = await query(
    "SELECT CONCAT(QUOTE(user), '@', QUOTE(host)) FROM mysql.user WHERE LEFT(user, ?) = ? ORDER BY user",
    [name.length, name],
  );
  const grants = await each(accounts, async ([account]) => {
    const rows = await query(`SHOW GRANTS FOR ${account}`);
    const lines = rows.map(([line]) => String(line)).filter((line) => !line.startsWith('GRANT USAGE'));
    return [String(account), lines.sort()] as const;
  });
  return Object.fromEntries(grants);
}

/** The routines of the database, in the order of their names. */
export function routinesOf(database: TestDatabase): Promise<string[]> {
  return namesOf(database, 'routines', 'routine_name', 'routine_schema');
}

export function tablesOf(database: TestDatabase): Promise<string[]> {
  return namesOf(database, 'tables', 'table_name', 'table_schema');
}

// One after the other: with many tests at once, the server would run out of connections.
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
