import type { Role } from '../../contract';
import type { Connection } from '../../database/connection';
import type { ConnectionOptions } from '../../database/connection-options';
import { Database } from '../../database/database';
import type { InstallOptions } from '../../install';
import type { ObjectNames } from '../../install/install-config';
import { findNames } from '../../install/run/find-names';
import { assertCompatible } from '../../routines/routine-access';
import { RoutineClient } from '../../routines/routine-client';
import type { ConnectionFlags, InstallFlags, RoutineFlags, TlsFlags } from './command-options';
import { explainConnectionError } from './errors';
import { parseServerUrl } from './parsers';
import { processContext } from './process-context';
import { askPassword } from './prompt';
import { resolveTls } from './tls';

/** Runs `work` with the connection and the names that the flags and the environment give. */
export function withInstallOptions<T>(
  flags: InstallFlags,
  work: (options: InstallOptions) => Promise<T>,
): Promise<T> {
  const { table, prefix, sidColumn } = flags;
  return withConnectionOptions(flags, (connection) =>
    work({ connection, table, prefix, sidColumn }),
  );
}

/** Runs `work` with a client for the routines. The account needs EXECUTE on them only. */
export async function withRoutineClient<T>(
  flags: RoutineFlags,
  role: Role,
  work: (routines: RoutineClient) => Promise<T>,
): Promise<T> {
  return withConnectionOptions(flags, async (connection) => {
    const database = Database.open(connection);
    try {
      const { prefix } = await database.withConnection((connection) => find(connection, flags));
      const routines = new RoutineClient(database, prefix, role);
      assertCompatible(await routines.version());
      return await work(routines);
    } finally {
      await database.close();
    }
  });
}

// On a server without autocommit, the search opens a transaction.
async function find(connection: Connection, flags: RoutineFlags): Promise<ObjectNames> {
  const names = await findNames(connection, flags);
  await connection.query('ROLLBACK');
  return names;
}

async function withConnectionOptions<T>(
  flags: ConnectionFlags,
  work: (connection: ConnectionOptions) => Promise<T>,
): Promise<T> {
  const url = parseServerUrl(flags.url ?? processContext().env.MYSQL_URL);
  const connection = await resolveConnection(url, flags);
  try {
    return await work(connection);
  } catch (error) {
    throw explainConnectionError(error, {
      address: flags.socket ?? `${url.hostname || 'localhost'}:${url.port || 3306}`,
      database: decodeURIComponent(url.pathname.slice(1)),
    });
  }
}

async function resolveConnection(url: URL, flags: ConnectionFlags): Promise<ConnectionOptions> {
  const tls = resolveTls({ ...tlsFlagsOf(url), ...flags });
  const password = await resolvePassword(url, flags);
  // mysql2 prefers a setting to its parameter in the URL, but not if the setting is false or empty.
  const uri = new URL(url);
  uri.searchParams.delete('ssl-mode');
  if (tls !== undefined) {
    uri.searchParams.delete('ssl');
  }
  return {
    uri: uri.href,
    ...(password !== undefined && { password }),
    ...(flags.socket !== undefined && { socketPath: flags.socket }),
    ...(tls && { ssl: tls }),
  };
}

// Many providers put ssl-mode into their URLs. mysql2 would ignore it and connect without TLS.
function tlsFlagsOf(url: URL): TlsFlags {
  const sslMode = url.searchParams.get('ssl-mode');
  return sslMode === null ? {} : { sslMode };
}

async function resolvePassword(url: URL, flags: ConnectionFlags): Promise<string | undefined> {
  if (flags.password) {
    return askPassword(decodeURIComponent(url.username));
  }
  return url.password === '' ? processContext().env.MYSQL_PWD : undefined;
}
