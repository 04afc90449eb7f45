import type { TestInstallation } from './store';

/** The ids of the application's connections, which nobody else uses its account for. */
export async function connectionsOf({
  query,
  accountUrl,
}: Pick<TestInstallation, 'query' | 'accountUrl'>): Promise<number[]> {
  const rows = await query('SELECT id FROM information_schema.processlist WHERE user = ?', [
    decodeURIComponent(new URL(accountUrl).username),
  ]);
  return rows.map(([id]) => Number(id));
}

/** Has the server end all of them. */
export async function endConnections(
  installation: Pick<TestInstallation, 'query' | 'accountUrl'>,
): Promise<void> {
  for (const id of await connectionsOf(installation)) {
    // It may be gone by itself.
    await installation.query(`KILL ${id}`).catch(() => undefined);
  }
}
