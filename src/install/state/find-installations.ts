import type { Connection } from '../../database/connection';
import { errno, isDenied } from '../../database/error-codes';
import { DatabaseError } from '../../errors';
import { quoteIdentifier } from '../../util/identifiers';
import { isLockRow } from '../sql/log-statements';
import { logComment, parseMarker } from '../sql/names';

/** The names of an installation in a database. */
export interface FoundInstallation {
  readonly table: string;
  readonly prefix: string;
  /** `undefined` if this account may not read the log. */
  readonly sidColumn: string | undefined;
}

/**
 * Finds the installations of a database: by their logs, and by the routines that this account may
 * see. An application's account sees no log, and a log may be lost.
 */
export async function findInstallations(connection: Connection): Promise<FoundInstallation[]> {
  const recorded = await findByLog(connection);
  const seen = await findByRoutines(connection);
  return [...recorded, ...seen.filter(({ table }) => !recorded.some((one) => one.table === table))];
}

async function findByLog(connection: Connection): Promise<FoundInstallation[]> {
  const logs = await connection.query(
    `SELECT table_name FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_comment = ? ORDER BY table_name`,
    [logComment],
  );
  const found: FoundInstallation[] = [];
  for (const [log] of logs) {
    found.push(...(await readNames(connection, String(log))));
  }
  return found;
}

async function readNames(connection: Connection, log: string): Promise<FoundInstallation[]> {
  try {
    const rows = await connection.query(
      `SELECT JSON_UNQUOTE(JSON_EXTRACT(details, '$.table')),
         JSON_UNQUOTE(JSON_EXTRACT(details, '$.prefix')),
         JSON_UNQUOTE(JSON_EXTRACT(details, '$.sid_column'))
       FROM ${quoteIdentifier(log)}
       WHERE kind = 'installation' AND action <> 'removed' AND NOT (${isLockRow})
       ORDER BY id DESC LIMIT 1`,
    );
    return rows.map(([table, prefix, sidColumn]) => ({
      table: String(table),
      prefix: String(prefix),
      sidColumn: String(sidColumn),
    }));
  } catch (error) {
    // Another installer can drop the log, and this account may have no right to read it.
    const isHidden =
      error instanceof DatabaseError &&
      (error.errno === errno.noSuchTable || isDenied(error.errno));
    if (isHidden) return [];
    throw error;
  }
}

// Every role may execute sess_version, so each account with a role sees it.
async function findByRoutines(connection: Connection): Promise<FoundInstallation[]> {
  const rows = await connection.query(
    `SELECT routine_name, routine_comment FROM information_schema.routines
     WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE'
       AND routine_name LIKE '%version' ORDER BY routine_name`,
  );
  return rows.flatMap(([name, comment]) => {
    const table = parseMarker(String(comment));
    const prefix = String(name).slice(0, -'version'.length);
    return table === undefined ? [] : [{ table, prefix, sidColumn: undefined }];
  });
}
