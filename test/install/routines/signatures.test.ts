import test from 'ava';
import { createConnection, type FieldPacket } from 'mysql2/promise';
import { createDatabase, type TestDatabase } from '../../database';
import { createAttributed } from '../attributes/attributed';
import { routinesOf } from '../catalogue';

// What was once released stands here for as long as its major version lasts: an older application goes on
// calling it. A new signature is a new line, with a new name. Those of an attribute are of `user_id`.
const released: Record<string, string> = {
  sess_all: '(IN p_after varchar(255) ascii, IN p_limit int) sid, sess, ttl_ms, age_ms',
  sess_clear: '(IN p_limit int) deleted',
  sess_destroy: '(IN p_sid longblob)',
  sess_destroy_user_id: '(IN p_value longblob, IN p_except longblob, IN p_limit int) deleted, more',
  sess_find_user_id:
    '(IN p_value longblob, IN p_after varchar(255) ascii, IN p_limit int) sid, sess, ttl_ms, age_ms',
  sess_gc: '(IN p_limit int) deleted, busy',
  sess_get: '(IN p_sid longblob) sess, ttl_ms, age_ms',
  sess_get_many: '(IN p_sids longtext utf8mb4) position, sess, ttl_ms, age_ms',
  sess_ids: '(IN p_after varchar(255) ascii, IN p_limit int) sid',
  sess_length: '() live, expired',
  sess_merge:
    '(IN p_sid longblob, IN p_changed longtext utf8mb4, IN p_removed longtext utf8mb4, IN p_ttl_ms bigint) found',
  sess_set: '(IN p_sid longblob, IN p_sess longtext utf8mb4, IN p_ttl_ms bigint)',
  sess_stats: '() live, expired, oldest_ms, overdue_ms, bytes',
  sess_touch: '(IN p_sid longblob, IN p_ttl_ms bigint) found',
  sess_touch_many: '(IN p_touches longtext utf8mb4) touched',
  sess_update: '(IN p_sid longblob, IN p_sess longtext utf8mb4, IN p_ttl_ms bigint) found',
  sess_version: '() contract, json_depth, max_allowed_packet, autocommit, read_only',
};

interface Parameter {
  readonly mode: string;
  readonly name: string;
  readonly type: string;
  readonly charset: string | null;
}

async function parametersOf({ query }: TestDatabase, routine: string): Promise<Parameter[]> {
  const rows = await query(
    `SELECT parameter_mode, parameter_name, dtd_identifier, character_set_name FROM information_schema.parameters
     WHERE specific_schema = DATABASE() AND specific_name = ? ORDER BY ordinal_position`,
    [routine],
  );
  return rows.map(([mode, name, type, charset]) => ({
    mode: String(mode),
    name: String(name),
    // Some servers add how wide they would show a whole number.
    type: String(type).replace(/int\(\d+\)/, 'int'),
    charset: charset === null ? null : String(charset),
  }));
}

/** The names of the columns that a call answers with. */
async function columnsOf({ url }: TestDatabase, routine: string, parameters: readonly Parameter[]) {
  const values = parameters.map(({ type }) => (type.endsWith('int') ? 1_000 : '[]'));
  const connection = await createConnection(url);
  try {
    const [, fields] = await connection.query(`CALL ${routine}(${values.map(() => '?').join(', ')})`, values);
    const [columns] = (fields ?? []) as unknown as Array<FieldPacket[] | undefined>;
    return (columns ?? []).map(({ name }) => name);
  } finally {
    await connection.end();
  }
}

async function signatureOf(database: TestDatabase, routine: string): Promise<string> {
  const parameters = await parametersOf(database, routine);
  const columns = await columnsOf(database, routine, parameters);
  const listed = parameters.map(({ mode, name, type, charset }) =>
    [mode, name, type, charset].filter(Boolean).join(' '),
  );
  return `(${listed.join(', ')}) ${columns.join(', ')}`.trim();
}

for (const [routine, signature] of Object.entries(released)) {
  test(`The signature of ${routine} is the one that was released.`, async (t) => {
    t.is(await signatureOf(await createAttributed(t), routine), signature);
  });
}

test('The signature of every routine is on record.', async (t) => {
  t.deepEqual(await routinesOf(await createAttributed(t)), Object.keys(released));
});

for (const [what, text] of [
  ['type of a parameter', 'CREATE PROCEDURE sess_gc (IN p_limit BIGINT) SELECT 0 AS deleted, 0 AS busy'],
  ['name of a column', 'CREATE PROCEDURE sess_gc (IN p_limit INT) SELECT 0 AS removed, 0 AS busy'],
]) {
  test(`Another ${what} is another signature.`, async (t) => {
    const database = await createDatabase(t);
    await database.query(String(text));
    t.not(await signatureOf(database, 'sess_gc'), released.sess_gc);
  });
}
