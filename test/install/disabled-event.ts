import type { TestDatabase } from '../database';
import { until } from '../until';

/**
 * Disables the event of an installation that was just made. MySQL enables one again that is disabled in the moment
 * in which it is started, so its first run is waited for, where the server runs events at all.
 */
export async function disableEvent({ query }: TestDatabase): Promise<void> {
  await until(async () => {
    const rows = await query(
      `SELECT 1 FROM information_schema.events WHERE event_schema = DATABASE() AND event_name = 'sess_gc'
       AND (last_executed IS NOT NULL OR @@GLOBAL.event_scheduler <> 'ON')`,
    );
    return rows.length > 0;
  });
  await query('ALTER EVENT sess_gc DISABLE');
}
