import { quoteIdentifier } from '../../util/identifiers';
import type { ConnectedConfig } from '../install-config';
import { coversDatabase, createScope } from '../privileges/scope';
import { quoteAccount } from '../sql/account';
import { isOwnComment } from '../sql/names';
import { routinePrivileges, tablePrivileges, type WideRight } from './wide-rights';

const systemDatabases = ['information_schema', 'mysql', 'performance_schema', 'sys'];

/**
 * Returns the statements that replace a right on everything with the same right on all else that
 * exists: the account may need it there.
 */
export async function narrowRight(
  config: ConnectedConfig,
  { account, privileges, on }: WideRight,
): Promise<string[]> {
  const { connection, database, capabilities } = config;
  const to = `TO ${quoteAccount(account)};`;
  const scope = createScope(config, []);
  const databases = (await connection.query('SHOW DATABASES'))
    .map(([name]) => String(name))
    .filter((name) => name !== database && !systemDatabases.includes(name))
    .filter((name) => on === '*.*' || coversDatabase(on, name, scope));
  const literal = (name: string) =>
    capabilities.databasesAreLiteral ? name : name.replace(/[\\_%]/g, '\\$&');
  const list = (names: readonly string[]) =>
    privileges.filter((name) => names.includes(name)).join(', ');
  const grantsOn = (names: readonly string[], objects: readonly string[]) =>
    list(names) === '' ? [] : objects.map((object) => `GRANT ${list(names)} ON ${object} ${to}`);
  return [
    ...databases.map(
      (name) => `GRANT ${privileges.join(', ')} ON ${quoteIdentifier(literal(name))}.* ${to}`,
    ),
    ...grantsOn(tablePrivileges, await otherTables(config)),
    ...grantsOn(routinePrivileges, await otherRoutines(config)),
    `REVOKE ${privileges.join(', ')} ON ${on} FROM ${quoteAccount(account)};`,
  ];
}

async function otherTables({ connection, database, names }: ConnectedConfig): Promise<string[]> {
  const rows = await connection.query(
    `SELECT table_name FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_name NOT IN (?, ?) ORDER BY table_name`,
    [names.table, names.migrationLog],
  );
  return rows.map(([name]) => `${quoteIdentifier(database)}.${quoteIdentifier(String(name))}`);
}

async function otherRoutines({ connection, database, names }: ConnectedConfig): Promise<string[]> {
  const rows = await connection.query(
    `SELECT routine_type, routine_name, routine_comment FROM information_schema.routines
     WHERE routine_schema = DATABASE() AND routine_type IN ('PROCEDURE', 'FUNCTION')
     ORDER BY routine_name`,
  );
  return rows
    .filter(([, , comment]) => !isOwnComment(names, String(comment)))
    .map(([type, name]) => `${type} ${quoteIdentifier(database)}.${quoteIdentifier(String(name))}`);
}
