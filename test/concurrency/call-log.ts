import type { TestInstallation } from '../store';

/** How often each routine has been called by the application's account, as the server's log has it. */
export async function callsInLog({ query, accountUrl }: TestInstallation): Promise<Record<string, number>> {
  const rows = await query(
    `SELECT SUBSTRING_INDEX(CONVERT(argument USING utf8mb4), '(', 1), COUNT(*) FROM mysql.general_log
     WHERE command_type = 'Query' AND user_host LIKE ? GROUP BY 1`,
    [`${new URL(accountUrl).username}[%`],
  );
  return Object.fromEntries(rows.map(([call, count]) => [String(call), Number(count)]));
}
