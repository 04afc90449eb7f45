import { InstallationError } from '../../errors';
import type { Attribute } from '../attributes/attribute';
import type { ConnectedConfig } from '../install-config';
import { quoteIdentifier } from '../sql/names';
import { type Installation, readInstallation } from '../state/installation';
import { allSteps } from '../steps/all-steps';
import { findAppliedSteps } from '../steps/applied-steps';
import { type DesiredState, resolveDesiredState } from '../steps/desired-state';
import { removeEventSteps } from '../steps/event-steps';
import { assertInstallable } from '../steps/preflight';
import type { Step } from '../steps/step';

/** What is installed, what should be, and the difference. */
export interface Plan {
  readonly desired: ConnectedConfig & DesiredState;
  readonly installed: Installation;
  readonly steps: readonly Step[];
  readonly pending: readonly Step[];
}

/**
 * Compares what is installed with what should be. Changes nothing.
 *
 * @param added attributes to add
 * @throws {InstallationError} if objects of others have the names
 */
export async function makePlan(
  config: ConnectedConfig,
  added: readonly Attribute[] = [],
): Promise<Plan> {
  const installed = await readInstallation(config);
  const desired = resolveDesiredState(config, installed, config.event, added);
  const steps = [...allSteps(desired), ...removeEventSteps(desired, installed)];
  assertInstallable(desired, installed, steps);
  const applied = findAppliedSteps(desired, installed, steps);
  return {
    desired,
    installed,
    steps,
    pending: steps.filter((step) => !applied.includes(step)),
  };
}

/** @throws {InstallationError} if a step is pending */
export function assertNothingPending({ desired, pending }: Plan): void {
  if (pending.length > 0) {
    throw new InstallationError(
      `Expected ${quoteIdentifier(desired.database)} to have an installation that is up to date, got ` +
        `${pending.length === 1 ? '1 pending step' : `${pending.length} pending steps`}. ` +
        'Run this first: knex-mysql-session migrate',
    );
  }
}
