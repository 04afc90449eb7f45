/** A way to lay the table out. */
export interface Shape {
  readonly name: string;
  /** Its columns and keys. */
  readonly columns: string;
  /** The column, or columns, that the session's id goes into. */
  readonly id: readonly { readonly column: string; readonly of: (sid: string) => string }[];
}

const ascii = 'CHARACTER SET ascii COLLATE ascii_bin NOT NULL';
const times =
  'expired DATETIME(3) NOT NULL, created_at DATETIME(3) NOT NULL, updated_at DATETIME(3) NOT NULL';
const index = 'KEY (expired)';
const sid = { column: 'sid', of: (id: string) => id };

/** The one that the migrations make, whom the others are held against. */
export const ownShape = 'as it is';

function keyed(name: string, type: string): Shape {
  return {
    name,
    columns: `sid ${type}, sess JSON NOT NULL, ${times}, PRIMARY KEY (sid), ${index}`,
    id: [sid],
  };
}

function holding(name: string, type: string): Shape {
  return {
    name,
    columns: `sid VARCHAR(255) ${ascii}, sess ${type} NOT NULL, ${times}, PRIMARY KEY (sid), ${index}`,
    id: [sid],
  };
}

const number = (id: string) => `CAST(CONV(LEFT(SHA2(${id}, 224), 16), 16, 10) AS UNSIGNED)`;

export const shapes: readonly Shape[] = [
  keyed(ownShape, `VARCHAR(255) ${ascii}`),
  {
    name: 'no index on expired',
    columns: `sid VARCHAR(255) ${ascii}, sess JSON NOT NULL, ${times}, PRIMARY KEY (sid)`,
    id: [sid],
  },
  holding('LONGTEXT for JSON', 'LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin'),
  holding('LONGBLOB for JSON', 'LONGBLOB'),
  keyed('key VARBINARY(255)', 'VARBINARY(255) NOT NULL'),
  keyed('key VARCHAR(255) utf8mb4', 'VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL'),
  keyed('key CHAR(32)', `CHAR(32) ${ascii}`),
  {
    name: 'key BINARY(16) hash',
    columns: `hash BINARY(16) NOT NULL, sess JSON NOT NULL, ${times}, PRIMARY KEY (hash), ${index}`,
    id: [{ column: 'hash', of: (id) => `UNHEX(LEFT(SHA2(${id}, 224), 32))` }],
  },
  {
    name: 'key BIGINT hash, id',
    columns: `hash BIGINT UNSIGNED NOT NULL, sid VARCHAR(255) ${ascii}, sess JSON NOT NULL, ${times},
      PRIMARY KEY (hash, sid), ${index}`,
    id: [{ column: 'hash', of: number }, sid],
  },
  {
    name: 'key counted, id unique',
    columns: `number BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, sid VARCHAR(255) ${ascii}, sess JSON NOT NULL, ${times},
      PRIMARY KEY (number), UNIQUE KEY (sid), ${index}`,
    id: [sid],
  },
];
