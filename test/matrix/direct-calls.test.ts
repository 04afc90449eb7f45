import test from 'ava';
import { createConnection } from 'mysql2/promise';
import { openDatabase } from '../database';
import { createInstallation } from './installation';

/** Sessions of others: what an id would become that is cut, stripped, or turned into ASCII. */
const others = ['a', 'a'.repeat(255), '?', 'a?', 'a??', '0', 'NULL'];

const attacks = [
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

// An id as bytes, and as text: in its own character set, in one that reads other characters in the same bytes,
// and in one that writes it with other bytes.
const spellings: Record<string, (id: string) => string> = {
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
  sess_touch_many: (id) => `CALL sess_touch_many(JSON_ARRAY(${id}, 1))`,
  sess_destroy: (id) => `CALL sess_destroy(${id})`,
};

const laxModes = [
  '',
  'NO_ENGINE_SUBSTITUTION',
  'ANSI_QUOTES,NO_BACKSLASH_ESCAPES',
  'PAD_CHAR_TO_FULL_LENGTH',
];

for (const [routine, call] of Object.entries(routines)) {
  test(`Under no sql_mode that is not strict does an id make ${routine} hit the session of another.`, async (t) => {
    const { query, accountUrl } = await createInstallation(t);
    for (const id of others) {
      await query("CALL sess_set(?, '{}', 60000)", [Buffer.from(id)]);
    }
    const before = await query('SELECT * FROM sessions ORDER BY sid');
    const application = await createConnection(accountUrl);
    t.teardown(() => application.end());
    for (const mode of laxModes) {
      await application.query(`SET SESSION sql_mode = '${mode}'`);
      const hits: unknown[] = [];
      for (const id of attacks) {
        for (const spelling of Object.values(spellings)) {
          // What is found comes first in what a call gives, and an id that is refused finds nothing.
          const [result] = await application.query(call(spelling(id))).catch(() => [[]]);
          hits.push(...[result].flat(2).filter(isHit));
        }
      }
      t.deepEqual([hits, await query('SELECT * FROM sessions ORDER BY sid')], [[], before], mode);
    }
  });
}

// A row with a session, or one that says that a session was found.
function isHit(row: object): boolean {
  return 'sess' in row || ('found' in row && Number(row.found) === 1);
}

test('Text in place of a number is worth no more than the number that it starts with.', async (t) => {
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
