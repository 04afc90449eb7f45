import type { Connection, RowDataPacket } from 'mysql2/promise';
import { type SessionCount, sessionCounts, usersWith, userWith } from '../../sessions/users';

/** How the server finds a user's sessions. */
export interface FindPlan {
  readonly server: string;
  /** Of the table. */
  readonly rows: number;
  readonly sessions: SessionCount;
  readonly type: string;
  readonly key: string;
  /** How many rows the server expects to read. */
  readonly expected: number;
  readonly extra: string;
  /** How many rows, or entries of the index, the routine read. */
  readonly read: number;
}

/** @throws where a user's sessions are found by anything but the index, or more is read than they are */
export async function explain(connection: Connection, server: string, rows: number): Promise<FindPlan[]> {
  const plans: FindPlan[] = [];
  for (const sessions of sessionCounts) {
    const user = userWith(sessions, usersWith(sessions, rows) >> 1);
    const [[plan]] = await connection.query<RowDataPacket[]>(
      `EXPLAIN FORMAT = TRADITIONAL SELECT sid, sess, expired, created_at FROM sessions FORCE INDEX (user_id_idx)
       WHERE user_id = '${user}' AND sid > '' AND expired > UTC_TIMESTAMP(3) ORDER BY sid LIMIT 100`,
    );
    const found = {
      server,
      rows,
      sessions,
      type: String(plan?.type),
      key: String(plan?.key),
      expected: Number(plan?.rows),
      extra: String(plan?.Extra ?? ''),
      read: await readBy(connection, `CALL sess_find_user_id('${user}', '', 100)`),
    };
    assertByIndex(found);
    plans.push(found);
  }
  return plans;
}

function assertByIndex(plan: FindPlan): void {
  const { type, key, expected, extra, read, sessions } = plan;
  const most = 2 * sessions + 10;
  const isByIndex = key === 'user_id_idx' && ['ref', 'range'].includes(type) && !/filesort/i.test(extra);
  if (!isByIndex || expected > most || read > most) {
    throw new Error(`A user's sessions are not found as they should be: ${JSON.stringify(plan)}`);
  }
}

/** How many rows and entries a statement reads, besides those that it takes to ask for that. */
async function readBy(connection: Connection, statement: string): Promise<number> {
  // The first call has to read the routine too.
  await connection.query(statement);
  const counts = [await readSoFar(connection), await readSoFar(connection)];
  await connection.query(statement);
  counts.push(await readSoFar(connection));
  const [first = 0, second = 0, third = 0] = counts;
  return third - second - (second - first);
}

async function readSoFar(connection: Connection): Promise<number> {
  const [rows] = await connection.query<RowDataPacket[]>("SHOW SESSION STATUS LIKE 'Handler_read%'");
  return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
}
