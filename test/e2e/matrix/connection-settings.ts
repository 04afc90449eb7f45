import type { ExecutionContext } from 'ava';
import knex, { type Knex } from 'knex';
import type { Connection } from 'mysql2';
import type { Database } from '../../../src/database/database';

/** Default collations of a database. `null` keeps the server's default. */
export const databaseCollations = [
  null,
  'latin1_swedish_ci',
  'utf8mb4_turkish_ci',
  'utf8mb4_bin',
  'ucs2_general_ci',
  'utf16_general_ci',
  'gbk_chinese_ci',
  'binary',
] as const;

export interface ConnectionCharset {
  /** The option of mysql2, which mysql2 also sends to the server. */
  readonly charset: string;
  /** The charset of a SET NAMES, as in old applications. mysql2 does not notice it. */
  readonly setNames?: string;
}

export const connectionCharsets: readonly ConnectionCharset[] = [
  { charset: 'utf8mb4' },
  { charset: 'UTF8_GENERAL_CI' },
  { charset: 'latin1' },
  { charset: 'ascii' },
  { charset: 'gbk' },
  { charset: 'big5' },
  { charset: 'sjis' },
  { charset: 'cp932' },
  { charset: 'binary' },
  { charset: 'utf8mb4', setNames: 'latin1' },
  { charset: 'utf8mb4', setNames: 'gbk' },
  { charset: 'utf8mb4', setNames: 'sjis' },
];

const sqlModes = [
  '',
  'ANSI_QUOTES',
  'NO_BACKSLASH_ESCAPES',
  'PIPES_AS_CONCAT',
  'ANSI,NO_BACKSLASH_ESCAPES',
  'STRICT_ALL_TABLES',
  'TRADITIONAL',
  'HIGH_NOT_PRECEDENCE,IGNORE_SPACE,NO_UNSIGNED_SUBTRACTION,PAD_CHAR_TO_FULL_LENGTH,REAL_AS_FLOAT',
  // The defaults of MySQL and of MariaDB.
  'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
  'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION',
  // Only MariaDB has these two, and only MySQL has the last one.
  'ORACLE',
  'EMPTY_STRING_IS_NULL,SIMULTANEOUS_ASSIGNMENT,TIME_ROUND_FRACTIONAL',
  'TIME_TRUNCATE_FRACTIONAL',
];

/** Returns the values of `sql_mode` that this server supports. */
export async function supportedSqlModes(database: Database): Promise<string[]> {
  const supported: string[] = [];
  await database.withConnection(async ({ query }) => {
    for (const mode of sqlModes) {
      const isSupported = await query(`SET SESSION sql_mode = '${mode}'`).then(
        () => true,
        () => false,
      );
      if (isSupported) {
        supported.push(mode);
      }
    }
  });
  return supported;
}

/** Opens a knex pool that applies the settings to each new connection. Closes it after the test. */
export function openPool(
  t: ExecutionContext,
  uri: string,
  { charset, setNames }: ConnectionCharset,
  sqlMode: string,
): Knex {
  const settings = [
    ...(setNames === undefined ? [] : [`SET NAMES ${setNames}`]),
    `SET SESSION sql_mode = '${sqlMode}'`,
  ];
  const pool = knex({
    client: 'mysql2',
    version: 'latest',
    connection: { uri, charset },
    // knex prints a warning about a refused connection. The test gets the same as an error.
    log: { warn: () => {} },
    pool: {
      min: 0,
      max: 1,
      afterCreate: (
        connection: Connection,
        done: (error: unknown, connection: Connection) => void,
      ) => {
        apply(connection, settings, (error) => {
          // If a setting fails, knex drops the connection without closing it.
          if (error) {
            connection.destroy();
          }
          done(error, connection);
        });
      },
    },
  });
  t.teardown(() => pool.destroy());
  return pool;
}

function apply(
  connection: Connection,
  [next, ...others]: readonly string[],
  done: (error: unknown) => void,
): void {
  if (next === undefined) {
    done(null);
  } else {
    connection.query(next, (error) => (error ? done(error) : apply(connection, others, done)));
  }
}
