import { ArgumentError, describe, InstallationError } from '../errors';
import { plannedAttributes } from './attributes/attribute-steps';
import { everyOf } from './event';
import { type Installed, inspect } from './inspect';
import { quoteIdentifier } from './names';
import { ownRoutines } from './preflight';
import { definerStepName, migrationNumber, type Step, stepsOf } from './steps';
import type { ConnectedTarget } from './target';

/** What a rollback takes back. */
export interface Removal {
  /** The number of the migration that is the last one afterwards; 0 where nothing is left. */
  readonly to: number;
  /** In the order in which they were taken; none where there is nothing to take back. */
  readonly steps: readonly Step[];
}

/**
 * Looks what a rollback to migration `to` would take back; without `to`, by one migration. Changes nothing,
 * and refuses nothing that is damaged: to remove it may be the very remedy.
 */
export async function removalOf(target: ConnectedTarget, to?: number): Promise<Removal> {
  const installed = await inspect(target);
  const { log } = installed;
  if (log === undefined) {
    return { to: to ?? 0, steps: [] };
  }
  // An account that was made before the choice fell on whoever installs was made by this installer too.
  const currentDefiner = installed.currentDefiner && !log.has(definerStepName);
  const every = everyOf(undefined, installed);
  const attributes = plannedAttributes(installed);
  const steps = stepsOf({ ...target, currentDefiner, every, attributes }, installed.grants);
  const migrations = steps.filter(({ kind }) => kind === 'migration');
  const applied = migrations.filter(({ name }) => log.has(name));
  const goal = to ?? Math.max(0, ...applied.slice(0, -1).map(migrationNumber));
  if (!Number.isInteger(goal) || goal < 0 || goal > migrations.length) {
    throw new ArgumentError('to', `a migration's number, 0 to ${migrations.length}`, describe(goal));
  }
  if (goal === 0) {
    const routines = ownRoutines(target, installed).map(dropStep);
    // From the last to the first: the event goes before the routine that it calls.
    const event = steps.filter(({ kind }) => kind === 'event');
    const others = steps.filter(({ kind }) => kind !== 'routine' && kind !== 'event');
    return { to: goal, steps: [...others, ...routines, ...event] };
  }
  refuseUnknownMigrations(installed, migrations);
  return { to: goal, steps: applied.filter((step) => migrationNumber(step) > goal) };
}

// Whatever routine is found, today's package knowing it or not.
function dropStep(name: string): Step {
  return {
    kind: 'routine',
    name: `routines/${name}`,
    comment: '',
    checksum: '',
    up: [],
    down: [`DROP PROCEDURE IF EXISTS ${quoteIdentifier(name)}`],
  };
}

// A later release made the table what it is, and only it knows the way back.
function refuseUnknownMigrations({ log }: Installed, migrations: readonly Step[]): void {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = [...(log?.keys() ?? [])].filter(
    (name) => name.startsWith('migrations/') && !known.has(name),
  );
  if (unknown.length > 0) {
    throw new InstallationError(
      `A later version of the package applied ${unknown.join(', ')}: only that version can take it back`,
    );
  }
}
