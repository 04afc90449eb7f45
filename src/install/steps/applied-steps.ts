import { findOwnRoutines, type Installation } from '../state/installation';
import { findEntry } from '../state/migration-log';
import type { DesiredState } from './desired-state';
import { isEventInstalled } from './event-steps';
import { routineName } from './routine-steps';
import type { Step } from './step';

/**
 * Returns the steps that need not run. The log has them with today's checksum, and the server still
 * has what they installed. The log alone is no proof.
 */
export function findAppliedSteps(
  desired: DesiredState,
  installed: Installation,
  steps: readonly Step[],
): Step[] {
  const routines = findOwnRoutines(desired, installed);
  const exists = (step: Step): boolean => {
    switch (step.kind) {
      case 'migration':
        return installed.columns.length > 0;
      case 'definer':
        return installed.definerExists;
      case 'attribute':
        return desired.attributes.some(
          ({ name, hasColumn, hasIndex }) => name === step.name && hasColumn && hasIndex,
        );
      case 'routine':
        // Without the definer, its grant on the routine is gone too.
        return installed.definerExists && routines.includes(routineName(desired, step));
      case 'event':
        return installed.definerExists && isEventInstalled(desired, installed);
      case 'grant':
        return true;
      case 'removal':
        return false;
    }
  };
  return steps.filter(
    (step) => findEntry(installed.log, step)?.checksum === step.checksum && exists(step),
  );
}
