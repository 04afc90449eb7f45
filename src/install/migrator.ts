import { MigrationError, Umzug } from 'umzug';
import { DatabaseError, InstallationError } from '../errors';
import { eventRemoval, everyOf } from './event';
import { type Installed, inspect } from './inspect';
import { alone } from './lock';
import { appliedSteps, createLogStatement, migrationLog, revertingStatement } from './migration-log';
import { quoteIdentifier } from './names';
import { preflight } from './preflight';
import { removalOf } from './removal';
import { type RoleGrant, type Step, stepsOf } from './steps';
import type { ConnectedTarget } from './target';

/** Called as each step is done, with how many of how many are. */
export type OnStep = (name: string, done: number, total: number) => void;

/** What whoever waits for an installer may want to know. */
export interface Listener {
  readonly onStep?: OnStep;
  /** Called once where another installer is at work, which is waited for. */
  readonly onWait?: () => void;
}

/** An installation as it was found, and what there is to install. */
interface Survey {
  readonly installed: Installed;
  readonly steps: readonly Step[];
  readonly applied: readonly string[];
  readonly pending: readonly Step[];
}

/** Looks at the target and refuses what can't be installed there. Changes nothing. */
export async function survey(target: ConnectedTarget, further: readonly RoleGrant[] = []): Promise<Survey> {
  const installed = await inspect(target);
  const { currentDefiner } = installed;
  const every = everyOf(target.event, installed);
  const steps = [
    ...stepsOf({ ...target, currentDefiner, every }, [...installed.grants, ...further]),
    ...eventRemoval({ ...target, currentDefiner }, installed),
  ];
  preflight(target, installed, steps);
  const applied = appliedSteps(target, installed, steps);
  return { installed, steps, applied, pending: steps.filter(({ name }) => !applied.includes(name)) };
}

/** Installs what is still to do, or upgrades. Gives the names of the steps that it took. */
export async function migrate(target: ConnectedTarget, { onStep, onWait }: Listener = {}): Promise<string[]> {
  const work = async () => {
    const { steps, applied, pending } = await survey(target);
    if (pending.length === 0) {
      return [];
    }
    await target.connection.query(createLogStatement(target));
    return up(target, steps, applied, pending, onStep);
  };
  return alone(target, work, onWait);
}

/** Records a role for an account and grants it. The account exists, and everything else is installed. */
export async function grantRole(target: ConnectedTarget, grant: RoleGrant): Promise<string[]> {
  return alone(target, async () => {
    const { steps, applied, pending } = await survey(target);
    if (pending.length > 0) {
      throw new InstallationError(
        `${pending.length} steps are still to do in ${quoteIdentifier(target.database)}: run knex-mysql-session migrate first`,
      );
    }
    const granted = stepsOf(target, [grant]).filter(({ kind }) => kind === 'grants');
    return up(target, [...steps, ...granted], applied, granted);
  });
}

/**
 * Takes the table back to the shape that migration `to` gave it; without `to`, by one migration. Down to 0,
 * everything goes: sessions, table, routines, their grants, the definer, the log. Gives the names of the
 * steps that it took back.
 */
export async function rollback(
  target: ConnectedTarget,
  to?: number,
  { onStep, onWait }: Listener = {},
): Promise<string[]> {
  const work = async () => {
    const removal = await removalOf(target, to);
    const undone = await down(target, removal.steps, onStep);
    if (removal.to === 0 && removal.steps.length > 0) {
      await target.connection.query(`DROP TABLE ${quoteIdentifier(target.names.migrationLog)}`);
    }
    return undone;
  };
  return alone(target, work, onWait);
}

async function up(
  target: ConnectedTarget,
  steps: readonly Step[],
  applied: readonly string[],
  pending: readonly Step[],
  onStep?: OnStep,
): Promise<string[]> {
  const umzug = umzugOf(target, steps, applied);
  let done = 0;
  umzug.on('migrated', ({ name }) => onStep?.(name, ++done, pending.length));
  const executed = await umzug
    .up({ migrations: pending.map(({ name }) => name), rerun: 'ALLOW' })
    .catch(rethrowNamed);
  return executed.map(({ name }) => name);
}

async function down(target: ConnectedTarget, steps: readonly Step[], onStep?: OnStep): Promise<string[]> {
  const umzug = umzugOf(
    target,
    steps,
    steps.map(({ name }) => name),
  );
  let done = 0;
  umzug.on('reverted', ({ name }) => onStep?.(name, ++done, steps.length));
  const reverted = steps.length > 0 ? await umzug.down({ to: 0 }).catch(rethrowNamed) : [];
  return reverted.map(({ name }) => name);
}

function umzugOf(target: ConnectedTarget, steps: readonly Step[], applied: readonly string[]): Umzug {
  const run = (statements: readonly string[]) => async () => {
    for (const statement of statements) {
      await target.connection.query(statement);
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
