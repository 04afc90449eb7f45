import { routineNames, withPrefix } from '../../contract';
import { quoteIdentifier } from '../../util/identifiers';
import type { ConnectedConfig } from '../install-config';
import { isOwnComment } from '../sql/names';

/** An object that others made, and that touches the table or the routines. */
export interface ForeignObject {
  readonly kind: 'trigger' | 'constraint' | 'foreign key' | 'view' | 'procedure' | 'function';
  /** Its name, with the database if that is another one. */
  readonly name: string;
  /** What it is, for people. */
  readonly found: string;
  /** The statements that make it harmless. */
  readonly remedy: readonly string[];
  readonly alternative?: readonly string[];
}

/** Reads the triggers on the table and on the log. They run in the statements of the routines. */
export async function readTriggers(config: ConnectedConfig): Promise<ForeignObject[]> {
  const { connection, names } = config;
  const rows = await connection.query(
    `SELECT trigger_name, action_timing, event_manipulation, event_object_table
     FROM information_schema.triggers
     WHERE event_object_schema = DATABASE() AND event_object_table IN (?, ?)
     ORDER BY trigger_name`,
    [names.table, names.migrationLog],
  );
  return rows.map(([name, timing, event, table]) => ({
    kind: 'trigger',
    name: String(name),
    found: `${timing} ${event} ON ${table}`,
    remedy: [`DROP TRIGGER ${quoteIdentifier(String(name))};`],
  }));
}

// MySQL gives the constraint another name when it loads a dump of MariaDB.
function isJsonConstraint(createTable: string, name: string): boolean {
  return createTable.includes(`CONSTRAINT ${quoteIdentifier(name)} CHECK (json_valid(\`sess\`))`);
}

/** Reads the constraints on the table, and the foreign keys that refer to it. */
export async function readConstraints(config: ConnectedConfig): Promise<ForeignObject[]> {
  const { connection, names, capabilities } = config;
  const own = await connection.query(
    `SELECT constraint_name, constraint_type FROM information_schema.table_constraints
     WHERE table_schema = DATABASE() AND table_name = ?
       AND constraint_type IN ('CHECK', 'FOREIGN KEY') ORDER BY constraint_name`,
    [names.table],
  );
  // A missing table has no constraint.
  const show = `SHOW CREATE TABLE ${quoteIdentifier(names.table)}`;
  const [definition] = own.length > 0 ? await connection.query(show) : [];
  const created = String(definition?.[1]);
  const referring = await connection.query(
    `SELECT DISTINCT constraint_name, table_schema, table_name
     FROM information_schema.key_column_usage
     WHERE referenced_table_schema = DATABASE() AND referenced_table_name = ?
     ORDER BY constraint_name`,
    [names.table],
  );
  return [
    ...own
      // In MariaDB, the type JSON is a constraint with the name of the column.
      .filter(([name]) => name !== 'sess' && !isJsonConstraint(created, String(name)))
      .map(([name, type]): ForeignObject => {
        // MySQL has DROP CONSTRAINT since 8.0.19 only.
        const check = capabilities.readsMariaDbComments ? 'CONSTRAINT' : 'CHECK';
        const kind = type === 'CHECK' ? check : 'FOREIGN KEY';
        const constraint = `${kind} ${quoteIdentifier(String(name))}`;
        return {
          kind: 'constraint',
          name: String(name),
          found: String(type),
          remedy: [`ALTER TABLE ${quoteIdentifier(names.table)} DROP ${constraint};`],
        };
      }),
    ...referring.map(([name, schema, table]): ForeignObject => {
      const other = `${quoteIdentifier(String(schema))}.${quoteIdentifier(String(table))}`;
      return {
        kind: 'foreign key',
        name: String(name),
        found: `of ${other}`,
        remedy: [`ALTER TABLE ${other} DROP FOREIGN KEY ${quoteIdentifier(String(name))};`],
      };
    }),
  ];
}

/** Reads the views of the server that show sessions with the rights of their definer. */
export async function readViews(config: ConnectedConfig): Promise<ForeignObject[]> {
  const { connection, database, names } = config;
  const rows = await connection.query(
    `SELECT table_schema, table_name, definer, view_definition FROM information_schema.views
     WHERE security_type = 'DEFINER' AND LOCATE(?, view_definition) > 0
     ORDER BY table_schema, table_name`,
    [names.table],
  );
  // The server keeps the definition with full names. sql_quote_show_create = 0 leaves out quotes.
  const table = alternatives([`${database}.${names.table}`]);
  const pattern = new RegExp(`(?<![\\w$])${table}(?![\\w$])`, 'i');
  return rows
    .filter(([, , , definition]) => pattern.test(String(definition).replaceAll('`', '')))
    .map(([schema, view, definer, definition]) => {
      const name = qualify(database, schema, view);
      return {
        kind: 'view',
        name,
        found: `shows ${names.table} with the rights of ${definer}`,
        remedy: [`ALTER SQL SECURITY INVOKER VIEW ${name} AS ${definition};`],
        alternative: [`DROP VIEW ${name};`],
      };
    });
}

/** Reads the routines of others that use table or routines with the rights of their definer. */
export async function readForeignRoutines(config: ConnectedConfig): Promise<ForeignObject[]> {
  const { connection, database, names } = config;
  const rows = await connection.query(
    `SELECT routine_schema, routine_name, routine_type, definer, routine_comment, routine_definition
     FROM information_schema.routines
     WHERE security_type = 'DEFINER'
       AND (LOCATE(?, routine_definition) > 0 OR LOCATE(?, routine_definition) > 0)
     ORDER BY routine_schema, routine_name`,
    [names.table, names.prefix],
  );
  const own = routineNames.map((name) => withPrefix(names.prefix, name).toLowerCase());
  return rows
    .filter(
      ([schema, name, , , comment]) =>
        schema !== database ||
        // The check of the routines reports one that lost its comment.
        !(isOwnComment(names, String(comment)) || own.includes(String(name).toLowerCase())),
    )
    .filter(([schema, , , , , body]) => mentions(config, String(body), schema === database))
    .map(([schema, routine, type, definer]) => {
      const name = qualify(database, schema, routine);
      return {
        kind: type === 'FUNCTION' ? 'function' : 'procedure',
        name,
        found: `uses ${names.table} with the rights of ${definer}`,
        remedy: [`ALTER ${type} ${name} SQL SECURITY INVOKER;`],
        alternative: [`DROP ${type} ${name};`],
      };
    });
}

/** Returns whether SQL seems to use the table or a routine of the installation. */
function mentions(
  { database, names }: ConnectedConfig,
  sql: string,
  isSameDatabase: boolean,
): boolean {
  const objects = [names.table, ...routineNames.map((name) => withPrefix(names.prefix, name))];
  const qualifier = `\`?(?:${alternatives([database])})\`?\\s*\\.\\s*`;
  return new RegExp(
    `\\b(?:from|join|into|update|table|call)\\s+(?:${qualifier})${isSameDatabase ? '?' : ''}` +
      `\`?(?:${alternatives(objects)})\`?(?![\\w$])`,
    'i',
  ).test(sql);
}

/** Returns a regular expression that matches one of the texts. */
function alternatives(texts: readonly string[]): string {
  return texts.map((text) => text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')).join('|');
}

function qualify(database: string, schema: unknown, name: unknown): string {
  const quoted = quoteIdentifier(String(name));
  return schema === database ? quoted : `${quoteIdentifier(String(schema))}.${quoted}`;
}
