import { attributeOf, type Role } from '../../contract';
import { errno } from '../../database/error-codes';
import { DatabaseError } from '../../errors';
import { quoteIdentifier } from '../../util/identifiers';
import type { ConnectedConfig } from '../install-config';
import type { Account } from '../sql/account';
import { createLogStatements } from '../sql/log-statements';
import { findCopiedFrom } from '../state/installation-record';
import { readMigrationLog } from '../state/migration-log';
import { readCredentialTime } from '../state/routine-rights';
import { grantStep, revokeStep } from '../steps/grants';
import { planRollbackSteps } from '../steps/rollback-steps';
import type { Step } from '../steps/step';
import { noSuchAttribute } from './attributes';
import { findGrantee } from './grantee';
import { withLock } from './lock';
import { assertNothingPending, makePlan, type Plan } from './plan';
import { formatGrant } from './status';
import { type ProgressListener, runDown, runUp } from './umzug';

/** Runs the pending steps: installs or upgrades. Returns their labels. */
export async function migrate(
  config: ConnectedConfig,
  listener: ProgressListener = {},
): Promise<string[]> {
  if ((await readMigrationLog(config)) === undefined) {
    // If the installation is refused, it must leave nothing behind, not even the log.
    await makePlan(config, { willRun: true });
    await createLog(config);
  }
  const work = async () => {
    const { pending, installed } = await makePlan(config, { willRun: true });
    const { log, leftOutGrants } = installed;
    const original = findCopiedFrom(config, log);
    if (original !== undefined && leftOutGrants.length > 0) {
      listener.onLeftOut?.(original, leftOutGrants.map(formatGrant));
    }
    return runUp(config, pending, listener);
  };
  return withLock(config, work, listener.onWait);
}

/** Grants a role to an account that exists, and records it. Returns the label of the step. */
export async function grantRole(
  config: ConnectedConfig,
  account: Account,
  role: Role,
): Promise<string[]> {
  return withLock(config, async () => {
    const { step } = await planGrant(config, account, role);
    return runUp(config, [step]);
  });
}

/**
 * Plans to grant a role. Changes nothing.
 *
 * @throws {InstallationError} if the account or the attribute does not exist, or a step is pending
 */
export async function planGrant(
  config: ConnectedConfig,
  account: Account,
  role: Role,
): Promise<Plan & { readonly step: Step }> {
  const plan = await makePlan(config);
  assertNothingPending(plan);
  const attribute = attributeOf(role);
  if (attribute !== undefined && !plan.desired.attributes.some(({ name }) => name === attribute)) {
    throw noSuchAttribute(plan.desired, attribute);
  }
  const grantee = await findGrantee(config, account);
  const credential = await readCredentialTime(config.connection, grantee);
  return { ...plan, step: grantStep(plan.desired, { role, account: grantee, credential }) };
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
    const { steps } = await planRevoke(config, account, role);
    return runUp(config, steps);
  });
}

/** Plans to revoke a role. Without a step, there is nothing to revoke. Changes nothing. */
export async function planRevoke(
  config: ConnectedConfig,
  account: Account,
  role?: Role,
): Promise<Plan> {
  const plan = await makePlan(config);
  // An interrupted run still has to return rights. Afterwards, they can be revoked.
  if (plan.installed.interruptedRights.length > 0) assertNothingPending(plan);
  // A server role of MariaDB has no host.
  const serverRole = account.host === '%' ? [{ ...account, host: '' }] : [];
  const steps = [account, ...serverRole]
    .map((grantee) => revokeStep(plan.desired, plan.installed, grantee, role))
    .filter(({ up }) => up.length > 0);
  return { ...plan, steps };
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

/** The server itself can use a table for a moment, to purge old rows or to count them. */
const maxDropAttempts = 5;

// The lock is a row of the log, so the log can be dropped only after its release. An installer that
// waited for the lock now works with the log, and keeps it.
async function dropLog(config: ConnectedConfig): Promise<void> {
  const drop = `DROP TABLE ${quoteIdentifier(config.names.migrationLog)}`;
  for (let attempt = 1; attempt <= maxDropAttempts; attempt++) {
    if (await withShortWait(config, () => config.connection.query(drop))) return;
  }
}

/** Runs a task. Returns false if others use the log: then the task did nothing. */
async function withShortWait(
  { connection }: ConnectedConfig,
  task: () => Promise<unknown>,
): Promise<boolean> {
  await connection.query('SET SESSION lock_wait_timeout = 1');
  try {
    await task();
    return true;
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.errno !== errno.lockWaitTimeout) {
      throw error;
    }
    return false;
  } finally {
    await connection.query('SET SESSION lock_wait_timeout = 60');
  }
}
