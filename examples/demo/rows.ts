import Table from 'cli-table3';
import { type DemoDatabase, query } from './database';
import { answer, command } from './output';

// A part of the id has to do: it is a secret of its owner's. MySQL gives JSON a type of its own.
const select = `SELECT LEFT(sid, 6) AS sid, CAST(sess AS CHAR) AS sess, expired, updated_at
FROM sessions ORDER BY created_at`;

/** Shows the table as it lies there, and says how many rows it has. */
export async function showRows(database: DemoDatabase): Promise<number> {
  command('dba>', select);
  const rows = await query(database.url, select);
  const table = new Table({
    head: ['sid', 'sess', 'expired (UTC)', 'updated_at (UTC)'],
    colWidths: [11, 40, 25, 25],
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [] },
  });
  table.push(...rows.map(({ sid, sess, expired, updated_at }) => [sid, sess, expired, updated_at]));
  answer(table.toString());
  return rows.length;
}
