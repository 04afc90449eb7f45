import type { ConnectedConfig } from '../install-config';
import { findOwnRoutines, type Installation } from '../state/installation';
import type { DesiredState } from '../steps/desired-state';
import { routineName } from '../steps/routine-steps';
import type { Step } from '../steps/step';

/** The input of every check: what is installed, and the steps that should be. */
export interface DoctorContext {
  readonly config: ConnectedConfig & DesiredState;
  readonly installed: Installation;
  readonly steps: readonly Step[];
}

export function routineSteps(steps: readonly Step[]): Step[] {
  return steps.filter(({ kind }) => kind === 'routine');
}

/**
 * Returns the names of the installed routines of this installation. A routine with an expected name
 * counts even if its comment does not name the table.
 */
export function installedRoutines({ config, installed, steps }: DoctorContext): string[] {
  const own = findOwnRoutines(config, installed);
  const expected = routineSteps(steps).map((step) => routineName(config, step));
  return [...installed.routines.keys()].filter(
    (name) => own.includes(name) || expected.includes(name),
  );
}
