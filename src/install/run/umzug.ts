import { MigrationError, Umzug, type UmzugStorage } from 'umzug';
import { DatabaseError } from '../../errors';
import type { ConnectedConfig } from '../install-config';
import { executePrepared } from '../sql/conditional';
import { insertRemoval, markUnfinished, startClock } from '../sql/log-statements';
import { recordStatements, type Step } from '../steps/step';
import type { Status } from './status';
import { retryWhileTableInUse } from './table-in-use';

/** Called after each step. */
export type OnStep = (name: string, done: number, total: number) => void;

/** What an installer reports while it works. */
export interface ProgressListener {
  readonly onStep?: OnStep;
  /** Called once if another installer works, before this one waits for it. */
  readonly onWait?: () => void;
  /** Called before each retry of a change of the table, while a long transaction uses the table. */
  readonly onTableInUse?: () => void;
  /** Called before the steps if the database is a copy, with the roles that it leaves out. */
  readonly onLeftOut?: (original: string, grants: Status['grants']) => void;
}

/** Runs steps in order, and records each. Returns their labels. */
export async function runUp(
  config: ConnectedConfig,
  steps: readonly Step[],
  listener: ProgressListener = {},
): Promise<string[]> {
  const umzug = createUmzug(config, steps, [], listener);
  let done = 0;
  umzug.on('migrated', ({ name }) => listener.onStep?.(name, ++done, steps.length));
  const executed = await umzug.up().catch(rethrowWithLabel);
  return executed.map(({ name }) => name);
}

/** Reverts steps, the last one first, and deletes each from the log. Returns their labels. */
export async function runDown(
  config: ConnectedConfig,
  steps: readonly Step[],
  listener: ProgressListener = {},
): Promise<string[]> {
  const umzug = createUmzug(config, steps, steps, listener);
  let done = 0;
  umzug.on('reverted', ({ name }) => listener.onStep?.(name, ++done, steps.length));
  const reverted = steps.length > 0 ? await umzug.down({ to: 0 }).catch(rethrowWithLabel) : [];
  return reverted.map(({ name }) => name);
}

/**
 * umzug runs the given steps in order, writes the log through its storage, and sends its events. It
 * does not choose the steps: the plan does, because a log that says "applied" is no proof.
 */
function createUmzug(
  config: ConnectedConfig,
  steps: readonly Step[],
  applied: readonly Step[],
  { onTableInUse }: ProgressListener,
): Umzug {
  const query = (statement: string) => config.connection.query(statement);
  const run = (statements: readonly string[]) => async () => {
    await query(startClock);
    for (const statement of statements) {
      await (statement.startsWith('ALTER TABLE ') || statement === executePrepared
        ? retryWhileTableInUse(config, () => query(statement), onTableInUse)
        : query(statement));
    }
  };
  return new Umzug({
    migrations: steps.map((step) => ({
      name: step.label,
      up: run(step.up),
      down: run(
        step.kind === 'migration' ? [markUnfinished(config, step), ...step.down] : step.down,
      ),
    })),
    storage: createStorage(config, steps, applied),
    logger: undefined,
  });
}

function createStorage(
  config: ConnectedConfig,
  steps: readonly Step[],
  applied: readonly Step[],
): UmzugStorage {
  const stepsByLabel = new Map(steps.map((step) => [step.label, step]));
  return {
    executed: async () => applied.map(({ label }) => label),
    logMigration: async ({ name }) => {
      const step = stepsByLabel.get(name);
      for (const statement of step ? recordStatements(config, step) : []) {
        await config.connection.query(statement);
      }
    },
    unlogMigration: async ({ name }) => {
      const step = stepsByLabel.get(name);
      if (step) {
        await config.connection.query(insertRemoval(config, step));
      }
    },
  };
}

// umzug wraps errors, and its wrapper hides the server's error code.
function rethrowWithLabel(error: unknown): never {
  if (error instanceof MigrationError && error.cause instanceof DatabaseError) {
    const { name } = error.migration;
    throw new DatabaseError(`${name}: ${error.cause.message}`, error.cause, { cause: error.cause });
  }
  throw error;
}
