import { InstallationError } from '../../errors';
import { quoteIdentifier } from '../../util/identifiers';
import type { Attribute } from '../attributes/attribute';
import { formatCommand } from '../command';
import type { ConnectedConfig } from '../install-config';
import { assertInstallable, refuseOlderPackage } from '../preflight/preflight';
import { showRoutineGrant } from '../privileges/privilege';
import { formatAccount, quoteAccount } from '../sql/account';
import { type Installation, readInstallation } from '../state/installation';
import { allSteps } from '../steps/all-steps';
import { leaveOutGrantSteps } from '../steps/copied-grants';
import { type DesiredState, resolveDesiredState } from '../steps/desired-state';
import { compareSteps } from '../steps/differences';
import { removeEventSteps } from '../steps/event-steps';
import { type Step, unrecorded } from '../steps/step';

/** What is installed, what should be, and the difference. */
export interface Plan {
  readonly desired: ConnectedConfig & DesiredState;
  readonly installed: Installation;
  readonly steps: readonly Step[];
  /** What the server has differently, by the label of the step. */
  readonly differences: ReadonlyMap<string, readonly string[]>;
  readonly pending: readonly Step[];
}

interface PlanOptions {
  /** Attributes to add. */
  readonly added?: readonly Attribute[];
  /** Whether this connection will run the pending steps. @default false */
  readonly willRun?: boolean;
}

/**
 * Compares what is installed with what should be. Changes nothing.
 *
 * @throws {InstallationError} if objects of others have the names, or the steps would fail
 */
export async function makePlan(
  config: ConnectedConfig,
  { added = [], willRun = false }: PlanOptions = {},
): Promise<Plan> {
  const installed = await readInstallation(config);
  assertReadable(installed);
  refuseOlderPackage(installed);
  const desired = resolveDesiredState(config, installed, config.event, added);
  const steps = [
    // Before the choices name this database: an interrupted run leaves out the rest later.
    ...leaveOutGrantSteps(desired, installed),
    ...removeEventSteps(desired, installed),
    ...allSteps(desired),
  ];
  const differences = compareSteps(desired, installed, steps);
  const pending = steps
    .filter(({ label }) => differences.get(label)?.length !== 0)
    // To create a routine again, without need, would interrupt its callers on MySQL.
    .map((step) =>
      step.kind === 'routine' && differences.get(step.label)?.join() === unrecorded
        ? { ...step, up: [] }
        : step,
    );
  assertInstallable(desired, installed, steps, willRun ? pending : []);
  return { desired, installed, steps, differences, pending };
}

/** @throws {InstallationError} if the account may not see what it must not lose, or must compare */
function assertReadable(installed: Installation): void {
  const { installer, accountsError, currentDefiner, routines } = installed;
  if (accountsError !== undefined) {
    throw new InstallationError(
      `The account ${formatAccount(installer)} may not read which accounts and grants the server ` +
        `has. An administrator runs: GRANT SELECT ON \`mysql\`.* TO ${quoteAccount(installer)};`,
      { cause: accountsError },
    );
  }
  // With the definer `current`, another account may take over routines that it can't read.
  if (!currentDefiner && routines.some(({ isOwn, body }) => isOwn && body === undefined)) {
    throw new InstallationError(
      `The account ${formatAccount(installer)} may not read the SQL of the routines, so it cannot ` +
        `compare it. An administrator runs: ${showRoutineGrant(installer)}`,
    );
  }
}

/** @throws {InstallationError} if a step is pending */
export function assertNothingPending({ desired, pending }: Plan): void {
  if (pending.length > 0) {
    throw new InstallationError(
      `Expected ${quoteIdentifier(desired.database)} to have an installation that is up to date, got ` +
        `${pending.length === 1 ? '1 pending step' : `${pending.length} pending steps`}. ` +
        `Run this first: ${formatCommand('migrate', desired.names.flags)}`,
    );
  }
}
