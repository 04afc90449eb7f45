import { InstallationError } from '../../errors';
import { quoteIdentifier } from '../../util/identifiers';
import { type Attribute, formatAttribute, isSame } from '../attributes/attribute';
import type { ConnectedConfig } from '../install-config';
import { installationStep } from '../steps/all-steps';
import { dropAttributeStep } from '../steps/attribute-steps';
import type { DesiredState } from '../steps/desired-state';
import { recordStatements, type Step } from '../steps/step';
import { withLock } from './lock';
import { assertNothingPending, makePlan, type Plan } from './plan';
import { type ProgressListener, runUp } from './umzug';

/** Adds an attribute, or finishes one. Returns the labels of the steps that ran. */
export async function addAttribute(
  config: ConnectedConfig,
  attribute: Attribute,
  listener: ProgressListener = {},
): Promise<string[]> {
  const work = async () => {
    const { pending } = await planAddAttribute(config, attribute, true);
    return runUp(config, pending, listener);
  };
  return withLock(config, work, listener.onWait);
}

/**
 * Plans to add an attribute. Changes nothing.
 *
 * @throws {InstallationError} if the name is in use, or a step is pending
 */
export async function planAddAttribute(
  config: ConnectedConfig,
  attribute: Attribute,
  willRun = false,
): Promise<Plan> {
  const plan = await makePlan(config);
  const known = plan.desired.attributes.find(({ name }) => name === attribute.name);
  if (known && !isSame(known, attribute)) {
    throw new InstallationError(
      `The attribute ${formatAttribute(known)} exists. To change it, drop it first: ` +
        `knex-mysql-session attribute drop ${known.name}`,
    );
  }
  if (!known) {
    assertNothingPending(plan);
    refuseForeignColumn(plan, attribute);
  }
  return makePlan(config, { added: [attribute], willRun });
}

/** Drops an attribute. Returns the labels of the steps that ran. */
export async function dropAttribute(
  config: ConnectedConfig,
  name: string,
  listener: ProgressListener = {},
): Promise<string[]> {
  const work = async () => {
    const { removal } = await planDropAttribute(config, name);
    return runUp(config, [removal], listener);
  };
  return withLock(config, work, listener.onWait);
}

/**
 * Plans to drop an attribute. Changes nothing.
 *
 * @throws {InstallationError} if there is no such attribute, or another procedure has the name of
 * one of its routines
 */
export async function planDropAttribute(
  config: ConnectedConfig,
  name: string,
): Promise<Plan & { readonly removal: Step; readonly remaining: DesiredState }> {
  const plan = await makePlan(config);
  const attribute = plan.desired.attributes.find((known) => known.name === name);
  if (attribute === undefined) {
    throw noSuchAttribute(plan.desired, name);
  }
  // The choices lose the attribute last: an interrupted removal can then run again.
  const remaining = {
    ...plan.desired,
    attributes: plan.desired.attributes.filter((one) => one !== attribute),
  };
  const record = recordStatements(plan.desired, installationStep(remaining));
  const removal = dropAttributeStep(plan.desired, plan.installed, attribute, record);
  return { ...plan, remaining, removal };
}

function refuseForeignColumn({ desired, installed }: Plan, { name }: Attribute): void {
  if (installed.table?.columns.some((column) => column.name.toLowerCase() === name)) {
    throw new InstallationError(
      `The table ${quoteIdentifier(desired.names.table)} has a column ${quoteIdentifier(name)} that ` +
        'belongs to no attribute. Choose another name for the attribute',
    );
  }
}

/** Returns the error for an attribute that does not exist. */
export function noSuchAttribute({ attributes }: DesiredState, name: string): InstallationError {
  const others =
    attributes.length > 0 ? attributes.map((known) => known.name).join(', ') : 'none yet';
  return new InstallationError(
    `The installation has no attribute ${name} (attributes: ${others}). Add it: ` +
      `knex-mysql-session attribute add ${name} --path '$.${name}' --type 'VARCHAR(64)'`,
  );
}
