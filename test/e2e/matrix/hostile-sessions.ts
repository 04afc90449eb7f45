import { isDeepStrictEqual } from 'node:util';
import type { ExecutionContext } from 'ava';
import type { MySQLSessionStore } from '../../../src';
import { session } from '../../support/store';
import type { TestInstallation } from './installation';

const visible = String.fromCharCode(...Array.from({ length: 94 }, (_, index) => index + 0x21));

/** Valid ids that do harm if the server reads them as SQL or compares them inexactly. */
export const hostileIds: readonly string[] = [
  "'",
  '"',
  '`',
  '\\',
  "\\'",
  "';DELETE/**/FROM/**/sessions;--",
  '%',
  '??:sid',
  'i',
  'I',
  visible.padEnd(255, 'x'),
];

export const hostileTexts: readonly string[] = [
  '',
  "'",
  '"',
  '`',
  '\\',
  "\\'",
  "'; DELETE FROM sessions; -- ",
  "\\'; DELETE FROM sessions; -- ",
  '"; DELETE FROM sessions; #',
  '*/ DELETE FROM sessions; /*!50000 ',
  "X'27'",
  '% _ || ?? ? :name $1 $& {{name}}',
  '\0\b\t\n\r\x1a\x7f',
  // In gbk, big5 or sjis, some of these end with the byte of a backslash or a quote. Others combine
  // with the next byte.
  "表'",
  "縗'",
  "¿'",
  "許功蓋'",
  '¥‾＼～',
  'İıIi ŞşSs ßẞ',
  'Zoë 😀 \u{10ffff} \u2028\ufeff',
];

/** The data of a session with all hostile texts, as values and as keys. */
const hostileData: Readonly<Record<string, unknown>> = {
  list: hostileTexts,
  keys: Object.fromEntries(hostileTexts.map((text, index) => [text, index])),
};

/**
 * Creates, lists, touches, reads and destroys sessions with hostile ids and data. Asserts that each
 * is returned unchanged, and that no call changes another session.
 */
export async function assertKeepsHostileSessions(
  t: ExecutionContext,
  store: MySQLSessionStore,
  installation: TestInstallation,
  settings: string,
): Promise<void> {
  const otherIds = await createOtherSessions(installation);
  for (const id of hostileIds) {
    await store.set(id, session({ id, ...hostileData }));
  }
  const ids = [...hostileIds, ...otherIds].sort();
  t.deepEqual(await store.ids(), ids, settings);
  const all = (await store.all()).map(({ id, value }) => [id, value]);
  t.deepEqual(
    all,
    ids.map((id) => [id, otherIds.includes(id) ? undefined : { id, ...hostileData }]),
    settings,
  );

  for (const id of hostileIds) {
    await store.touch(id, session());
    const found = await store.get(id);
    t.true(isDeepStrictEqual(found?.value, { id, ...hostileData }), `${settings}: ${id}`);
  }
  t.is(await store.gc(), 1, settings);
  for (const id of hostileIds) {
    await store.destroy(id);
  }
  t.deepEqual(await idsInTable(installation), otherIds, settings);
}

/**
 * Creates an expired session, and live sessions with ids that resemble the hostile ones.
 *
 * @returns the sorted ids of the live sessions
 */
async function createOtherSessions({ query, naming }: TestInstallation): Promise<string[]> {
  const ids = ['a', 'x', '?', '_', 'iI', '"\'`'.repeat(3)];
  const expired = 'expired';
  await query(`DELETE FROM \`${naming.table}\``);
  for (const id of [...ids, expired]) {
    await query(
      `INSERT INTO \`${naming.table}\` (\`${naming.sidColumn}\`, sess, expired, created_at, updated_at)
       VALUES (?, '{}', UTC_TIMESTAMP(3) + INTERVAL ? SECOND, UTC_TIMESTAMP(3), '2001-01-01')`,
      [Buffer.from(id), id === expired ? -1 : 60],
    );
  }
  return ids.sort();
}

/** Returns the sorted ids of all rows. Marks each row that changed since its creation. */
async function idsInTable({ query, naming }: TestInstallation): Promise<string[]> {
  const rows = await query(
    `SELECT CAST(\`${naming.sidColumn}\` AS BINARY), updated_at = '2001-01-01' FROM \`${naming.table}\``,
  );
  return rows
    .map(([id, isUnchanged]) => (Number(isUnchanged) === 1 ? String(id) : `${id}, changed`))
    .sort();
}
