import { attributeOf, type Role } from '../../contract';
import { errno } from '../../database/error-codes';
import { DatabaseError } from '../../errors';
import type { ConnectedConfig } from '../install-config';
import type { Account } from '../sql/account';
import { createLogStatements } from '../sql/log-statements';
import { quoteIdentifier } from '../sql/names';
import { type RoleGrant, readMigrationLog } from '../state/migration-log';
import { readCredentialTime } from '../state/routine-rights';
import { grantStep, revokeStep } from '../steps/grants';
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
  if ((await readMigrationLog(config)) === undefined) {
    // If the installation is refused, it must leave nothing behind, not even the log.
    await makePlan(config);
    await createLog(config);
  }
  const work = async () => {
    const { pending } = await makePlan(config);
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
    const credential = await readCredentialTime(config.connection, grant.account);
    return runUp(config, [grantStep(plan.desired, { ...grant, credential })]);
  });
}

/**
 * Revokes a role from an account, or everything. The account may be gone. Returns the labels of the
 * steps; none if there was nothing to revoke.
 */
export async function revokeRole(
  config: ConnectedConfig,
  account: Account,
  role?: Role,
): Promise<string[]> {
  return withLock(config, async () => {
    const { desired, installed } = await makePlan(config);
    const step = revokeStep(desired, installed, account, role);
    return step.up.length === 0 ? [] : runUp(config, [step]);
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
    return { reverted, isRemoved: plan.to === 0 && plan.steps.length > 0 };
  };
  const { reverted, isRemoved } = await withLock(config, work, listener.onWait);
  if (isRemoved) {
    await dropLog(config);
  }
  return reverted;
}

// Another installer can create the log first and lock its row. A statement that changes the table
// waits for that lock, and the other installer waits for the statement. So it gives up soon.
async function createLog(config: ConnectedConfig): Promise<void> {
  await withShortWait(config, async () => {
    for (const statement of createLogStatements(config)) await config.connection.query(statement);
  });
}

// The lock is a row of the log, so the log can be dropped only after its release. An installer that
// waited for the lock now works with the log, and keeps it.
async function dropLog(config: ConnectedConfig): Promise<void> {
  const { connection, names } = config;
  await withShortWait(config, () =>
    connection.query(`DROP TABLE ${quoteIdentifier(names.migrationLog)}`),
  );
}

/** Runs a task. If another installer has the log, the task does nothing. */
async function withShortWait(
  { connection }: ConnectedConfig,
  task: () => Promise<unknown>,
): Promise<void> {
  await connection.query('SET SESSION lock_wait_timeout = 1');
  try {
    await task();
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.errno !== errno.lockWaitTimeout) {
      throw error;
    }
  } finally {
    await connection.query('SET SESSION lock_wait_timeout = 60');
  }
}
