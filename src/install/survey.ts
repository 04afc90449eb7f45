import { InstallationError } from '../errors';
import type { Attribute } from './attributes/attribute';
import { plannedAttributes } from './attributes/attribute-steps';
import { eventRemoval, everyOf } from './event';
import { type Installed, inspect } from './inspect';
import { appliedSteps } from './migration-log';
import { quoteIdentifier } from './names';
import { preflight } from './preflight';
import { type Step, stepsOf } from './steps';
import type { ConnectedTarget } from './target';

/** An installation as it was found, and what there is to install. */
export interface Survey {
  /** With all that was found of the installation. */
  readonly target: ConnectedTarget;
  readonly installed: Installed;
  readonly steps: readonly Step[];
  readonly applied: readonly string[];
  readonly pending: readonly Step[];
}

/** Looks at the target and refuses what can't be installed there. Changes nothing. */
export async function survey(target: ConnectedTarget, further: readonly Attribute[] = []): Promise<Survey> {
  const installed = await inspect(target);
  const { currentDefiner } = installed;
  const every = everyOf(target.event, installed);
  const settled = { ...target, currentDefiner, every, attributes: plannedAttributes(installed, further) };
  const steps = [...stepsOf(settled, installed.grants), ...eventRemoval(settled, installed)];
  preflight(settled, installed, steps);
  const applied = appliedSteps(settled, installed, steps);
  return {
    target: settled,
    installed,
    steps,
    applied,
    pending: steps.filter(({ name }) => !applied.includes(name)),
  };
}

/** @throws {InstallationError} where something is still to do */
export function refusePending(target: ConnectedTarget, pending: readonly Step[]): void {
  if (pending.length > 0) {
    throw new InstallationError(
      `${pending.length === 1 ? 'A step is' : `${pending.length} steps are`} still to do in ` +
        `${quoteIdentifier(target.database)}: run knex-mysql-session migrate first`,
    );
  }
}
