import { isDeepStrictEqual } from 'node:util';
import type { ExecutionContext } from 'ava';
import type { MySQLSessionStore } from '../../src';
import { session } from '../store';
import { hostileData, hostileIds } from './hostile';
import type { TestInstallation } from './installation';

/**
 * Takes sessions with hostile ids and data through their whole life, beside sessions of others, and claims that
 * each comes back as it was put in, and that nothing else is hit.
 */
export async function keepsHostileSessions(
  t: ExecutionContext,
  store: MySQLSessionStore,
  installation: TestInstallation,
  settings: string,
): Promise<void> {
  const others = await createOthers(installation);
  for (const id of hostileIds) {
    await store.set(id, session({ id, ...hostileData }));
  }
  const ids = [...hostileIds, ...others].sort();
  t.deepEqual(await store.ids(), ids, settings);
  const all = (await store.all()).map(({ id, value }) => [id, value]);
  t.deepEqual(
    all,
    ids.map((id) => [id, others.includes(id) ? undefined : { id, ...hostileData }]),
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
  t.deepEqual(await rows(installation), others, settings);
}

/** Ids that a hostile one could be mistaken for, and a session that has expired. Gives those that live. */
async function createOthers({ query, naming }: TestInstallation): Promise<string[]> {
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

/** The ids of the rows that nobody changed since they were created. */
async function rows({ query, naming }: TestInstallation): Promise<string[]> {
  const found = await query(
    `SELECT CAST(\`${naming.sidColumn}\` AS BINARY), updated_at = '2001-01-01' FROM \`${naming.table}\``,
  );
  return found.map(([id, unchanged]) => (Number(unchanged) === 1 ? String(id) : `${id}, changed`)).sort();
}
