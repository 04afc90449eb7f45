import { setTimeout as sleep } from 'node:timers/promises';
import { check } from './check';
import { type DemoDatabase, query } from './database';
import { command, say } from './output';
import type { Visitor } from './visitor';

/** Ends a session by its time, set by the DBA so that nobody has to wait for it. */
export async function letExpire(database: DemoDatabase, visitor: Visitor): Promise<void> {
  const sid = await visitor.sessionId();
  const update = 'UPDATE sessions SET expired = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND WHERE sid = ';
  command('dba>', `${update}'${sid.slice(0, 6)}…'`);
  await query(database.url, `${update}?`, [sid]);
  await visitor.isNoLongerSignedIn();

  say("The store in the application's process looks for expired sessions every second here.");
  const left = await rowsLeft(database, sid);
  check('It has deleted the row.', left === 0, `${left} row left`);
}

async function rowsLeft(database: DemoDatabase, sid: string): Promise<number> {
  for (let patience = 100; ; patience--) {
    const rows = await query(database.url, 'SELECT 1 FROM sessions WHERE sid = ?', [sid]);
    if (rows.length === 0 || patience === 0) {
      return rows.length;
    }
    await sleep(100);
  }
}
