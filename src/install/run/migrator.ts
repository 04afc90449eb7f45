import { attributeOf } from '../../contract';
import type { ConnectedConfig } from '../install-config';
import { createLogTable } from '../sql/log-statements';
import { quoteIdentifier } from '../sql/names';
import type { RoleGrant } from '../state/migration-log';
import { grantStep } from '../steps/grants';
import { planRollbackSteps } from '../steps/rollback-steps';
import { noSuchAttribute } from './attributes';
import { withLock } from './lock';
import { assertNothingPending, makePlan } from './plan';
import { type ProgressListener, runDown, runUp } from './umzug';

/** Runs the pending steps: installs or upgrades. Returns their labels. */
export async function migrate(
  config: ConnectedConfig,
  listener: ProgressListener = {},
): Promise<string[]> {
  const work = async () => {
    const { pending } = await makePlan(config);
    if (pending.length > 0) {
      await config.connection.query(createLogTable(config));
    }
    return runUp(config, pending, listener);
  };
  return withLock(config, work, listener.onWait);
}

/** Grants a role to an account that exists, and records it. Returns the label of the step. */
export async function grantRole(config: ConnectedConfig, grant: RoleGrant): Promise<string[]> {
  return withLock(config, async () => {
    const plan = await makePlan(config);
    assertNothingPending(plan);
    const attribute = attributeOf(grant.role);
    if (
      attribute !== undefined &&
      !plan.desired.attributes.some(({ name }) => name === attribute)
    ) {
      throw noSuchAttribute(plan.desired, attribute);
    }
    return runUp(config, [grantStep(plan.desired, grant)]);
  });
}

/**
 * Reverts the migrations after number `to`; without `to`, the last one. A rollback to 0 removes
 * everything: sessions, table, routines, grants, event, definer and log. Returns the labels of the
 * steps.
 */
export async function rollback(
  config: ConnectedConfig,
  to?: number,
  listener: ProgressListener = {},
): Promise<string[]> {
  const work = async () => {
    const plan = await planRollbackSteps(config, to);
    const reverted = await runDown(config, plan.steps, listener);
    if (plan.to === 0 && plan.steps.length > 0) {
      await config.connection.query(`DROP TABLE ${quoteIdentifier(config.names.migrationLog)}`);
    }
    return reverted;
  };
  return withLock(config, work, listener.onWait);
}
