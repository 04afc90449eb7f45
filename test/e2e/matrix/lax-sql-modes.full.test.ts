import test from 'ava';
import { createConnection } from 'mysql2/promise';
import { openDatabase } from '../../support/database';
import { createInstallation } from './installation';

/** Ids of other sessions. A server could truncate or convert an invalid id to one of them. */
const otherIds = ['a', 'a'.repeat(255), '?', 'a?', 'a??', '0', 'NULL'];

const invalidIds = [
  'a'.repeat(256),
  `${'a'.repeat(255)} `,
  `a${' '.repeat(300)}`,
  'a ',
  ' a',
  'a\n',
  'a\r\n',
  'a\0',
  'a\x7f',
  'ä',
  'aä',
  'a😀',
  'ａ',
  '',
];

// An id as bytes and as text in three character sets. latin1 reads the bytes of utf8mb4 as other
// characters, and utf16le encodes the same characters in other bytes.
const encodings: Record<string, (id: string) => string> = {
  bytes: (id) => `X'${Buffer.from(id).toString('hex')}'`,
  utf8mb4: (id) => `_utf8mb4 X'${Buffer.from(id).toString('hex')}'`,
  latin1: (id) => `_latin1 X'${Buffer.from(id).toString('hex')}'`,
  utf16le: (id) => `_utf16le X'${Buffer.from(id, 'utf16le').toString('hex')}'`,
};

const routines: Record<string, (id: string) => string> = {
  sess_get: (id) => `CALL sess_get(${id})`,
  sess_get_many: (id) => `CALL sess_get_many(JSON_ARRAY(${id}))`,
  sess_set: (id) => `CALL sess_set(${id}, '{"stolen":1}', 60000)`,
  sess_update: (id) => `CALL sess_update(${id}, '{"stolen":1}', 60000)`,
  sess_merge: (id) => `CALL sess_merge(${id}, '["stolen",1]', '[]', 60000)`,
  sess_touch: (id) => `CALL sess_touch(${id}, 1)`,
  sess_touch_many: (id) => `CALL sess_touch_many(JSON_ARRAY(JSON_ARRAY(${id}, 1)))`,
  sess_save_many: (id) =>
    `CALL sess_save_many(JSON_ARRAY(JSON_ARRAY(${id}, 1, 'merge', 1, 12, 2)), '["stolen",1][]')`,
  // MySQL writes bytes into JSON as a valid id, so they become text before.
  sess_add_many: (id) =>
    `CALL sess_add_many(JSON_ARRAY(JSON_ARRAY(CONVERT(${id} USING utf8mb4), 60000, 1, 12)), '{"stolen":1}')`,
  sess_destroy: (id) => `CALL sess_destroy(${id})`,
};

const laxModes = [
  '',
  'NO_ENGINE_SUBSTITUTION',
  'ANSI_QUOTES,NO_BACKSLASH_ESCAPES',
  'PAD_CHAR_TO_FULL_LENGTH',
];

for (const [routine, call] of Object.entries(routines)) {
  test(`In a sql_mode that is not strict, ${routine} with an invalid id reads or changes no other session.`, async (t) => {
    const { query, accountUrl } = await createInstallation(t);
    for (const id of otherIds) {
      await query("CALL sess_set(?, '{}', 60000)", [Buffer.from(id)]);
    }
    const before = await query('SELECT * FROM sessions ORDER BY sid');
    const application = await createConnection(accountUrl);
    t.teardown(() => application.end());
    for (const mode of laxModes) {
      await application.query(`SET SESSION sql_mode = '${mode}'`);
      const hits: unknown[] = [];
      for (const id of invalidIds) {
        for (const encode of Object.values(encodings)) {
          // If the routine rejects the id, it finds nothing.
          const [result] = await application.query(call(encode(id))).catch(() => [[]]);
          hits.push(...[result].flat(2).filter(isHit));
        }
      }
      t.deepEqual([hits, await query('SELECT * FROM sessions ORDER BY sid')], [[], before], mode);
    }
  });
}

/** Returns whether a row contains a session, or reports that the routine found one. */
function isHit(row: object): boolean {
  return 'sess' in row || ('found' in row && Number(row.found) === 1);
}

test('If a routine gets text for a number, it uses only the leading number.', async (t) => {
  const { query, accountUrl } = await createInstallation(t);
  for (const id of ['a', 'b', 'c']) {
    await query("CALL sess_set(?, '{}', 60000)", [Buffer.from(id)]);
  }
  await openDatabase(t, accountUrl).withConnection(async (application) => {
    await application.query("SET SESSION sql_mode = ''");
    const page = await application.query("CALL sess_ids('', '1 OR 1=1; DROP TABLE sessions')");
    await application.query("CALL sess_clear('1 OR 1=1')");
    await application.query("CALL sess_touch('b', '1; DELETE FROM sessions')");
    t.deepEqual(
      [page.map(String), await query('SELECT sid FROM sessions ORDER BY sid')],
      [['a'], [['b'], ['c']]],
    );
  });
});
