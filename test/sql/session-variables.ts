import type { Connection } from 'mysql2/promise';

/** What a step of the scenario returned: its rows, or the number of its error. */
export type Outcome = readonly [step: string, outcome: string];

/** A lifetime in milliseconds, and by how much a slow machine may shift it. */
const ttl = 3_600_000;
const tolerance = 300_000;

/** Calls of every routine, in order: statement by title. The table is empty before and after. */
const steps: Readonly<Record<string, string>> = {
  'set a': `CALL sess_set('a', '{"user":"ada","n":1}', ${ttl})`,
  'set b': `CALL sess_set('b', '{"user":"bob"}', ${ttl})`,
  'set c': `CALL sess_set('c', '{"user":"ada"}', ${ttl})`,
  'set an expired one': "CALL sess_set('old', '{}', 1)",
  'set another expired one': "CALL sess_set('older', '{}', 1)",
  'add an existing one': `CALL sess_add('c', '{}', ${ttl})`,
  'set again': `CALL sess_set('a', '{"user":"ada","n":2}', ${ttl})`,
  'refuse text that is no JSON': `CALL sess_set('bad', '{not json', ${ttl})`,
  'refuse an id': `CALL sess_set('no blanks', '{}', ${ttl})`,
  'refuse a lifetime': "CALL sess_set('bad', '{}', 0)",
  get: "CALL sess_get('a')",
  'get none': "CALL sess_get('none')",
  'get an expired one': "CALL sess_get('old')",
  'get many': `CALL sess_get_many('["b", "none", "a", "old"]')`,
  update: `CALL sess_update('b', '{"user":"bob","n":1}', NULL)`,
  'update an expired one': "CALL sess_update('old', '{}', NULL)",
  'merge one key': `CALL sess_merge('a', '["n", 3]', '[]', NULL)`,
  'merge keys': `CALL sess_merge('a', '["x", [1], "y", {"z": null}]', '["n"]', ${ttl})`,
  'merge none': `CALL sess_merge('none', '["x", 1, "y", 2]', '[]', NULL)`,
  touch: `CALL sess_touch('b', ${ttl})`,
  'touch an expired one': `CALL sess_touch('old', ${ttl})`,
  'add an expired one': `CALL sess_add('older', '{"user":"eve"}', ${ttl})`,
  'add many': `CALL sess_add_many('[["a", ${ttl}, 1, 2], ["e", ${ttl}, 3, 14], ["f g", ${ttl}, 17, 2], ["old", ${ttl}, 17, 2]]', '{}{"user":"dan"}{}')`,
  'touch many': `CALL sess_touch_many('[["a", ${ttl}], ["b", ${ttl}], ["c", ${ttl}], ["old", ${ttl}]]')`,
  'save many': `CALL sess_save_many('[["a", ${ttl}, "merge", 1, 7, 2], ["b", null, "update", 10, 17], ["c", ${ttl}, "merge", 27, 13, 5], ["d", ${ttl}, "touch"]]', '["w",1][]{"user":"robert"}["a",1,"b",2]["b"]')`,
  all: "CALL sess_all('', 10)",
  ids: "CALL sess_ids('', 10)",
  length: 'CALL sess_length()',
  stats: 'CALL sess_stats()',
  find: "CALL sess_find_user('ada', '', 10)",
  count: "CALL sess_count_user('ada')",
  'limit by attribute': "CALL sess_limit_user('ada', 1, 'a', 'created', 10)",
  'destroy by attribute': "CALL sess_destroy_user('ada', 'a', 10)",
  gc: 'CALL sess_gc(100)',
  destroy: "CALL sess_destroy('b')",
  rest: "CALL sess_all('', 10)",
  clear: 'CALL sess_clear(100)',
};

/** Runs the scenario on a connection. */
export async function runScenario(connection: Connection): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [step, statement] of Object.entries(steps)) {
    outcomes.push([step, await outcomeOf(connection, statement)]);
  }
  return outcomes;
}

// The text of a CALL is hexadecimal, as the store sends it: charsets and sql_mode do not change it.
async function outcomeOf(connection: Connection, statement: string): Promise<string> {
  const sent = statement.replaceAll(
    /'([^']*)'/g,
    (_, text) => `X'${Buffer.from(text).toString('hex')}'`,
  );
  try {
    const [results] = await connection.query({
      sql: sent,
      typeCast: (field, next) =>
        Reflect.get(field, 'extendedFormat') === 'json' ? field.buffer() : next(),
    });
    const rows = Array.isArray(results) ? results[0] : [];
    return JSON.stringify(rows, readable);
  } catch (error) {
    return `error ${Object(error).errno ?? Object(error).code}`;
  }
}

function readable(key: string, value: unknown): unknown {
  if (/_ms$/.test(key) && value !== null) return about(Number(value));
  // The server may answer a batch in any order.
  if (Array.isArray(value)) return value.toSorted((one, other) => one.position - other.position);
  const { type, data } = Object(value);
  return type === 'Buffer' ? Buffer.from(data).toString() : value;
}

function about(milliseconds: number): string {
  const isAbout = (expected: number) => Math.abs(milliseconds - expected) < tolerance;
  return isAbout(ttl)
    ? 'a lifetime'
    : isAbout(0) && milliseconds >= 0
      ? 'short'
      : `${milliseconds} ms`;
}

/** Values to try for a variable, as SQL. The server refuses a value that does not fit. */
const values = ['0', '1', '2', '3', '4294967295', '-1', "''", "'ON'", "'OFF'"];

/** Values that are text. */
const texts: Readonly<Record<string, readonly string[]>> = {
  timestamp: ['1', '1000000000', '2147483647'],
  transaction_isolation: ["'READ-UNCOMMITTED'", "'READ-COMMITTED'", "'SERIALIZABLE'"],
  tx_isolation: ["'READ-UNCOMMITTED'", "'READ-COMMITTED'", "'SERIALIZABLE'"],
  character_set_client: ["'latin1'", "'gbk'", "'sjis'", "'binary'", "'ascii'"],
  character_set_connection: ["'latin1'", "'utf32'", "'ucs2'", "'binary'", "'gbk'"],
  character_set_results: ["'latin1'", "'ascii'", "'binary'", 'NULL'],
  collation_connection: ["'utf8mb4_general_ci'", "'latin1_swedish_ci'", "'binary'"],
  lc_messages: ["'de_DE'", "'ja_JP'"],
  lc_time_names: ["'ja_JP'"],
  sql_mode: [
    "'ORACLE'",
    "'ANSI'",
    "'NO_BACKSLASH_ESCAPES'",
    "'PAD_CHAR_TO_FULL_LENGTH'",
    "'TRADITIONAL,ERROR_FOR_DIVISION_BY_ZERO'",
    "'EMPTY_STRING_IS_NULL'",
    "'NO_UNSIGNED_SUBTRACTION'",
    "'TIME_TRUNCATE_FRACTIONAL'",
  ],
  time_zone: ["'+13:00'", "'-12:00'"],
  default_storage_engine: ["'MEMORY'", "'MyISAM'"],
  default_tmp_storage_engine: ["'MEMORY'"],
};

/** Returns the assignments to try for a variable. */
export function assignmentsOf(variable: string): string[] {
  return (texts[variable] ?? values).map((value) => `SET SESSION ${variable} = ${value}`);
}
