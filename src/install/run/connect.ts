import { Database } from '../../database/database';
import { refuseUnknownOptions } from '../../options/refuse-unknown-options';
import {
  type ConnectedConfig,
  type InstallOptions,
  parseDefiner,
  parseEvent,
  parseKeepGrants,
} from '../install-config';
import { definerName, resolveNames } from '../sql/names';
import { readCapabilities } from '../state/server-capabilities';
import { findNames, readDatabaseName } from './find-names';

/**
 * A server stores these settings with each routine, so they must not depend on the defaults of
 * server and client. TRADITIONAL is strict on every server. On MariaDB it keeps GRANT from creating
 * accounts. Without autocommit, the server would drop the last row of the migration log.
 */
export const sessionSettings = [
  'SET SESSION autocommit = 1',
  'SET NAMES utf8mb4 COLLATE utf8mb4_bin',
  "SET SESSION sql_mode = 'TRADITIONAL'",
  // An event in a time zone with daylight saving time would pause for the repeated hour.
  "SET SESSION time_zone = '+00:00'",
  // By default, a server lets a statement wait for a day or a year for a table that is in use.
  'SET SESSION lock_wait_timeout = 60',
  'SET SESSION sql_quote_show_create = 1',
  'SET SESSION sql_safe_updates = 0',
  // DEFAULT would be the server's setting.
  'SET SESSION sql_select_limit = 18446744073709551615',
  // The default of a server can be too short for a list of accounts.
  'SET SESSION group_concat_max_len = 1048576',
];

const optionNames: Readonly<Record<keyof InstallOptions, true>> = {
  connection: true,
  definer: true,
  event: true,
  keepGrants: true,
  prefix: true,
  sidColumn: true,
  table: true,
};

/** The options of the stores whose names differ here. */
const replacements = {
  knex: 'use `connection`: the installer opens its own connection',
  routineprefix: 'use `prefix`',
  tablename: 'use `table`',
};

/** Opens one connection, and closes it when `work` is done. */
export async function withConfig<T>(
  options: InstallOptions,
  work: (config: ConnectedConfig) => Promise<T>,
): Promise<T> {
  refuseUnknownOptions('options', options, Object.keys(optionNames), replacements);
  const { connection: settings, definer, event, keepGrants, ...naming } = options;
  // A wrong name is an error before anything connects.
  resolveNames(naming);
  const choices = {
    currentDefiner: parseDefiner(definer),
    event: parseEvent(event),
    keepGrants: parseKeepGrants(keepGrants),
  };
  const pool = Database.open(settings);
  try {
    return await pool.withConnection(async (connection) => {
      for (const setting of sessionSettings) {
        await connection.query(setting);
      }
      const database = await readDatabaseName(connection);
      const capabilities = await readCapabilities(connection);
      const names = await findNames(connection, naming);
      return work({
        ...choices,
        connection,
        withConnection: (task) => pool.withConnection(task),
        database,
        names,
        definer: definerName(database, names),
        capabilities,
      });
    });
  } finally {
    await pool.close();
  }
}
