import { InstallationError, type Listener } from 'knex-mysql-session/install';

/** How a change of the table went. */
export interface Change {
  readonly seconds: number;
  /** How often it found the table in use, and tried again. */
  readonly attempts: number;
  /** What the command said where it gave up, and was run again. */
  readonly gaveUp: readonly string[];
}

/** How often a command is run that gives up. */
const patience = 3;

/** @param onTableInUse called where the change gave up an attempt */
export async function change(
  command: (listener: Listener) => Promise<unknown>,
  onTableInUse: () => void,
): Promise<Change> {
  const start = performance.now();
  const gaveUp: string[] = [];
  let attempts = 0;
  const listener = {
    onTableInUse: () => {
      attempts++;
      onTableInUse();
    },
  };
  for (;;) {
    try {
      await command(listener);
      return { seconds: (performance.now() - start) / 1_000, attempts, gaveUp };
    } catch (error) {
      if (!(error instanceof InstallationError) || gaveUp.length === patience) throw error;
      gaveUp.push(error.message);
      onTableInUse();
    }
  }
}
