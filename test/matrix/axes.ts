import type { Database } from '../../src/database';

/** What a database's text is by default; null takes the server's own default. */
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

/** The character set of a connection. */
export interface Wire {
  /** What mysql2 is told, and tells the server. */
  readonly charset: string;
  /** What the server is told behind mysql2's back, as old applications do. */
  readonly names?: string;
}

export const wires: readonly Wire[] = [
  { charset: 'utf8mb4' },
  { charset: 'UTF8_GENERAL_CI' },
  { charset: 'latin1' },
  { charset: 'ascii' },
  { charset: 'gbk' },
  { charset: 'big5' },
  { charset: 'sjis' },
  { charset: 'cp932' },
  { charset: 'binary' },
  { charset: 'utf8mb4', names: 'latin1' },
  { charset: 'utf8mb4', names: 'gbk' },
  { charset: 'utf8mb4', names: 'sjis' },
];

const everyMode = [
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
  // MariaDB's alone, and MySQL's.
  'ORACLE',
  'EMPTY_STRING_IS_NULL,SIMULTANEOUS_ASSIGNMENT,TIME_ROUND_FRACTIONAL',
  'TIME_TRUNCATE_FRACTIONAL',
];

/** The settings of `sql_mode` that this server has. */
export async function sqlModes(database: Database): Promise<string[]> {
  const modes: string[] = [];
  await database.withConnection(async ({ query }) => {
    for (const mode of everyMode) {
      const known = await query(`SET SESSION sql_mode = '${mode}'`).then(
        () => true,
        () => false,
      );
      if (known) {
        modes.push(mode);
      }
    }
  });
  return modes;
}
