import type { Account } from './account';
import { check } from './check';
import { query } from './database';
import { answer, command } from './output';

/** What the server answers when the application's account goes for the table itself. */
export async function showRefusals(account: Account): Promise<void> {
  for (const sql of ['SELECT * FROM sessions', 'DELETE FROM sessions', 'DROP TABLE sessions']) {
    command('app>', sql);
    const refusal = await refusalOf(account, sql);
    answer(refusal);
    check('Refused.', refusal.startsWith('ERROR 1142 '), refusal);
  }
}

async function refusalOf(account: Account, sql: string): Promise<string> {
  try {
    await query(account.url, sql);
    return 'The server did it.';
  } catch (error) {
    const { errno, sqlState, message } = Object(error);
    return `ERROR ${errno} (${sqlState}): ${message}`;
  }
}
