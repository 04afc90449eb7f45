import type { Connection, RowDataPacket } from 'mysql2/promise';
import { passingUser, sessionCounts, usersWith, userWith } from '../../sessions/users';
import { purged } from '../../tables/mysql';

/** What the server, and a look at every row, say of the index. */
export interface Consistency {
  /** The statement, and what the server said. */
  readonly check: string;
  readonly sessions: number;
  /** How many of them have a value, by the index and by the rows themselves. */
  readonly valued: number;
  /** Users whose sessions were counted both ways. */
  readonly users: ReadonlyArray<{ readonly user: string; readonly sessions: number }>;
}

/** @throws where the index does not hold what the rows say; nobody else may be at the table meanwhile */
export async function checkIndex(connection: Connection, rows: number): Promise<Consistency> {
  await purged(connection, 100);
  const check = await checkTable(connection);
  const users = someUsers(rows);
  // The index is read from end to end here, and each user is looked up in it below.
  const byIndex = await contentOf(connection, 'FORCE INDEX (user_id_idx)', users);
  const byRows = await contentOf(connection, 'IGNORE INDEX (user_id_idx)', users);
  same('the index and the rows', byIndex, byRows);
  const [sessions = 0, valued = 0, , ...counts] = byRows.map(Number);
  const found: number[] = [];
  for (const user of users) {
    const sql = 'SELECT COUNT(*) FROM sessions FORCE INDEX (user_id_idx) WHERE user_id = ?';
    const [[row]] = await connection.query<RowDataPacket[][]>({ sql, rowsAsArray: true }, [user]);
    found.push(Number(row?.[0]));
  }
  same('users looked up and users counted', found, counts);
  return {
    check,
    sessions,
    valued,
    users: users.map((user, index) => ({ user, sessions: counts[index] ?? 0 })),
  };
}

// MariaDB looks for entries that nothing refers to only where it is told so. It warns of those that are marked as
// deleted and were never purged: nobody ever reads them, but they are there.
async function checkTable(connection: Connection): Promise<string> {
  const [[version]] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
  const statement = `CHECK TABLE sessions${/mariadb/i.test(version?.version) ? ' EXTENDED' : ''}`;
  const [answers] = await connection.query<RowDataPacket[]>(statement);
  const says = answers.map(({ Msg_type, Msg_text }) => {
    const [text = ''] = String(Msg_text).split(': COMPACT RECORD', 1);
    return Msg_type === 'status' ? text : `${Msg_type}: ${text}`;
  });
  const isWrong = answers.some(({ Msg_type }) => !['status', 'Warning'].includes(Msg_type));
  if (isWrong || says.at(-1) !== 'OK') throw new Error(`${statement}: ${says.join('; ')}`);
  return `${statement}: ${says.join('; ')}`;
}

/** Of the first, some in the middle and the last of each kind, and of those whom sessions were given to. */
function someUsers(rows: number): string[] {
  const lookedFor = sessionCounts.flatMap((sessions) => {
    const last = usersWith(sessions, rows) - 1;
    return [...new Set([0, last >> 1, last])].map((index) => userWith(sessions, index));
  });
  return [...lookedFor, ...[0, 1, 2].map(passingUser)].map(String);
}

async function contentOf(
  connection: Connection,
  hint: string,
  users: readonly string[],
): Promise<readonly unknown[]> {
  const counts = users.map((user) => `SUM(user_id = '${user}')`).join(', ');
  const sql = `SELECT COUNT(*), COUNT(user_id), BIT_XOR(CRC32(CONCAT_WS(' ', sid, user_id))), ${counts} FROM sessions ${hint}`;
  const [[plan]] = await connection.query<RowDataPacket[]>(`EXPLAIN FORMAT = TRADITIONAL ${sql}`);
  const isByIndex = plan?.key === 'user_id_idx';
  if (isByIndex !== hint.startsWith('FORCE')) throw new Error(`${hint} is read by ${plan?.key}`);
  const [[row]] = await connection.query<RowDataPacket[][]>({ sql, rowsAsArray: true });
  return (row ?? []).map(String);
}

function same(what: string, ones: readonly unknown[], others: readonly unknown[]): void {
  const [one, other] = [JSON.stringify(ones), JSON.stringify(others)];
  if (one !== other) throw new Error(`Not the same, ${what}: ${one} and ${other}`);
}
