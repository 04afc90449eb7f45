import { ArgumentError, InstallationError } from '../../errors';
import { describe } from '../../util/describe';
import type { ConnectedConfig } from '../install-config';
import { explainForeignTable } from '../preflight/name-conflicts';
import { refuse, refuseOlderPackage } from '../preflight/preflight';
import { findOwnRoutines, type Installation, readInstallation } from '../state/installation';
import { definerAccountFacts, findEntry, formatKey } from '../state/migration-log';
import { allSteps, migrationSteps } from './all-steps';
import { resolveDesiredState } from './desired-state';
import { dropRoutineStep } from './routine-steps';
import type { Step } from './step';

/** The steps that a rollback reverts. */
export interface RollbackSteps {
  /** The number of the migration that is the last one afterwards; 0 if everything is removed. */
  readonly to: number;
  /** In the order in which they ran; the rollback starts with the last one. */
  readonly steps: readonly Step[];
}

/**
 * Returns what a rollback to migration `to` reverts; without `to`, the last migration. Changes
 * nothing. It accepts a damaged installation, because a rollback may be the remedy.
 */
export async function planRollbackSteps(
  config: ConnectedConfig,
  to?: number,
): Promise<RollbackSteps> {
  const installed = await readInstallation(config);
  const { log } = installed;
  refuseOlderPackage(installed);
  if (log === undefined) {
    return { to: to ?? 0, steps: [] };
  }
  const migrations = migrationSteps(config);
  const applied = migrations.filter((step) => findEntry(log, step));
  const goal = to ?? Math.max(0, ...applied.slice(0, -1).map(({ number }) => number));
  if (!Number.isInteger(goal) || goal < 0 || goal > migrations.length) {
    throw new ArgumentError(
      'to',
      `a migration's number, 0 to ${migrations.length}`,
      describe(goal),
    );
  }
  if (goal === 0) {
    return { to: goal, steps: removalOfAll(config, installed) };
  }
  refuseUnknownMigrations(installed, migrations);
  return { to: goal, steps: applied.filter(({ number }) => number > goal) };
}

function removalOfAll(config: ConnectedConfig, installed: Installation): Step[] {
  refuse(explainForeignTable(config, installed));
  // An install with `--definer current` may follow one that created the definer account. Drop that
  // too.
  const currentDefiner =
    installed.currentDefiner && findEntry(installed.log, definerAccountFacts) === undefined;
  const steps = allSteps({ ...resolveDesiredState(config, installed), currentDefiner });
  const routines = findOwnRoutines(installed).map((name) => dropRoutineStep(config, name));
  // The last step is reverted first. The event calls a routine, so it goes before the routines.
  const event = steps.filter(({ kind }) => kind === 'event');
  const others = steps.filter(({ kind }) => kind !== 'routine' && kind !== 'event');
  return [...others, ...routines, ...event];
}

// Only the release that applied a migration can revert it.
function refuseUnknownMigrations({ log }: Installation, migrations: readonly Step[]): void {
  const unknown = log?.filter(
    ({ kind, name }) =>
      kind === 'migration' && !migrations.some((migration) => migration.name === name),
  );
  if (unknown && unknown.length > 0) {
    throw new InstallationError(
      `A later release applied ${unknown.map(formatKey).join(', ')}. Only that release can revert it. ` +
        'Install it, then repeat the rollback: npm install knex-mysql-session@latest',
    );
  }
}
