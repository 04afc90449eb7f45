import { createConnection, type RowDataPacket } from 'mysql2/promise';

/** The flags by which a server keeps all statements in a table. */
export const statementLogFlags = ['--general-log', '--log-output=TABLE'];

/** The tests of the store. Its accounts send nothing but calls of routines. */
const storeTests = /\/test\/(?:stores\/mysql-session-store|sessions|routines|database)\//;

/** The start of the names of databases and accounts that the tests of the store create. */
const storePrefix = 'store_';

/** Returns the start of the names of databases and accounts that a test file creates. */
export function namePrefixOf(testFile: string): string {
  return storeTests.test(testFile) ? storePrefix : 't';
}

// The tests send these, or knex does, over pools that play the application's pool.
const applicationStatements = [
  /^select version\(\) as version$/,
  /^SELECT 1$/,
  /^SET autocommit = 0$/,
  /^SET time_zone = '[+-]\d\d:\d\d'$/,
];

export interface StatementCheck {
  /** How many calls of routines the stores sent. */
  readonly calls: number;
  /** All else that they sent, which should be nothing. */
  readonly others: readonly string[];
}

/**
 * Reads what the accounts of the store's tests sent to a server. Returns undefined if the server
 * ran without the flags.
 */
export async function checkStatements(url: string): Promise<StatementCheck | undefined> {
  const connection = await createConnection(url);
  try {
    const [[settings]] = await connection.query<RowDataPacket[]>(
      'SELECT @@GLOBAL.general_log AS `on`, @@GLOBAL.log_output AS output',
    );
    if (settings?.on !== 1 || settings.output !== 'TABLE') return undefined;
    const [rows] = await connection.query<RowDataPacket[]>(
      `SELECT command_type AS command, LEFT(CONVERT(argument USING utf8mb4), 100) AS text
       FROM mysql.general_log
       WHERE user_host LIKE ? AND command_type NOT IN ('Connect', 'Init DB', 'Quit')`,
      [`${storePrefix.replace('_', '\\_')}%`],
    );
    const isCall = ({ command, text }: RowDataPacket) =>
      command === 'Query' && /^CALL (`\w+`\.)?sess_\w+\([X'\da-fNUL, )]*$/.test(text);
    const isApplications = ({ command, text }: RowDataPacket) =>
      command === 'Query' && applicationStatements.some((known) => known.test(text));
    return {
      calls: rows.filter(isCall).length,
      others: rows
        .filter((row) => !isCall(row) && !isApplications(row))
        .map(({ command, text }) => `${command}: ${text}`),
    };
  } finally {
    await connection.end();
  }
}
