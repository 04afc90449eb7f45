import { type Change, type InstallOptions, planSteps } from '../../install';
import type { DatabasesFlags, InstallFlags } from './command-options';
import { withInstallOptions } from './connection';
import { printPlans } from './each-database';

/** Prints what a change would do, as a script or as JSON. Runs nothing. */
export function printPlan(
  flags: InstallFlags & DatabasesFlags,
  change: Change,
  complete: (options: InstallOptions) => InstallOptions = (options) => options,
): Promise<void> {
  return printPlans(flags, (target) =>
    withInstallOptions(flags, (options) => planSteps(complete(options), change), target),
  );
}
