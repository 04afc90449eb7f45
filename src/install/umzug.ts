import { MigrationError, Umzug } from 'umzug';
import { DatabaseError } from '../errors';
import { revertingStatement } from './log-statements';
import { migrationLog } from './migration-log';
import type { Step } from './steps';
import { onceTableIsFree } from './table-in-use';
import type { ConnectedTarget } from './target';

/** Called as each step is done, with how many of how many are. */
export type OnStep = (name: string, done: number, total: number) => void;

/** What whoever waits for an installer may want to know. */
export interface Listener {
  readonly onStep?: OnStep;
  /** Called once where another installer is at work, which is waited for. */
  readonly onWait?: () => void;
  /** Called where a long transaction keeps the table from being changed, before it is tried again. */
  readonly onTableInUse?: () => void;
}

/** Takes steps. Gives the names of those that it took. */
export async function up(
  target: ConnectedTarget,
  steps: readonly Step[],
  applied: readonly string[],
  pending: readonly Step[],
  listener: Listener = {},
): Promise<string[]> {
  const umzug = umzugOf(target, steps, applied, listener);
  let done = 0;
  umzug.on('migrated', ({ name }) => listener.onStep?.(name, ++done, pending.length));
  const executed = await umzug
    .up({ migrations: pending.map(({ name }) => name), rerun: 'ALLOW' })
    .catch(rethrowNamed);
  return executed.map(({ name }) => name);
}

/** Takes steps back, the last of them first. Gives the names of those that it took back. */
export async function down(
  target: ConnectedTarget,
  steps: readonly Step[],
  listener: Listener,
): Promise<string[]> {
  const umzug = umzugOf(
    target,
    steps,
    steps.map(({ name }) => name),
    listener,
  );
  let done = 0;
  umzug.on('reverted', ({ name }) => listener.onStep?.(name, ++done, steps.length));
  const reverted = steps.length > 0 ? await umzug.down({ to: 0 }).catch(rethrowNamed) : [];
  return reverted.map(({ name }) => name);
}

function umzugOf(
  target: ConnectedTarget,
  steps: readonly Step[],
  applied: readonly string[],
  { onTableInUse }: Listener,
): Umzug {
  const query = (statement: string) => target.connection.query(statement);
  const run = (statements: readonly string[]) => async () => {
    for (const statement of statements) {
      // These wait for the table no longer than a second, so that nobody waits behind them for longer.
      await (statement.startsWith('ALTER TABLE ')
        ? onceTableIsFree(target, () => query(statement), onTableInUse)
        : query(statement));
    }
  };
  return new Umzug({
    migrations: steps.map((step) => ({
      name: step.name,
      up: run(step.up),
      down: run(step.kind === 'migration' ? [revertingStatement(target, step), ...step.down] : step.down),
    })),
    storage: migrationLog(target, steps, applied),
    logger: undefined,
  });
}

// What the server said, with the name of the step; umzug's wrapper hides the server's code.
function rethrowNamed(error: unknown): never {
  if (error instanceof MigrationError && error.cause instanceof DatabaseError) {
    const { name } = error.migration;
    throw new DatabaseError(`${name}: ${error.cause.message}`, error.cause, { cause: error.cause });
  }
  throw error;
}
