import type { Role } from '../../contract';
import { parseAttributeName } from '../../options/attributes';
import { quoteIdentifier } from '../../util/identifiers';
import { type Attribute, parseAttribute } from '../attributes/attribute';
import type { ConnectedConfig } from '../install-config';
import { type Account, parseAccount } from '../sql/account';
import { insertRemoval, markUnfinished } from '../sql/log-statements';
import { parseRole } from '../steps/roles';
import { planRollbackSteps } from '../steps/rollback-steps';
import type { Step } from '../steps/step';
import { planAddAttribute, planDropAttribute } from './attributes';
import { planGrant, planRevoke } from './migrator';
import { makePlan, type Plan } from './plan';
import { describeChange, fittingStates, type PlannedChange } from './planned-change';

/** A change of an installation, by the function of this package that would make it. */
export type Change =
  | { readonly action: 'install' }
  | { readonly action: 'grant'; readonly account: string; readonly role?: Role | undefined }
  | { readonly action: 'revoke'; readonly account: string; readonly role?: Role | undefined }
  | { readonly action: 'rollback'; readonly to?: number | undefined }
  | { readonly action: 'addAttribute'; readonly attribute: Attribute }
  | { readonly action: 'dropAttribute'; readonly name: string };

type Planner = (config: ConnectedConfig) => Promise<PlannedChange>;

/**
 * Checks a change, and returns the function that plans it.
 *
 * @throws {ArgumentError} if an argument is wrong
 */
export function plannerOf(change: Change): Planner {
  switch (change.action) {
    case 'install':
      return async (config) => describePlan(await makePlan(config));
    case 'grant':
      return planOfGrant(parseAccount(change.account), parseRole(change.role ?? 'application'));
    case 'revoke':
      return planOfRevoke(
        parseAccount(change.account),
        change.role === undefined ? undefined : parseRole(change.role),
      );
    case 'rollback':
      return (config) => planOfRollback(config, change.to);
    case 'addAttribute':
      return async (config) => {
        const attribute = parseAttribute(change.attribute, config.names);
        return describePlan(await planAddAttribute(config, attribute));
      };
    case 'dropAttribute':
      return planOfRemoval(parseAttributeName('name', change.name));
  }
}

function describePlan({ desired, installed, pending, differences }: Plan): PlannedChange {
  const fitting = fittingStates(desired, installed.log);
  return describeChange(desired, pending, { differences, fitting });
}

function planOfGrant(account: Account, role: Role): Planner {
  return async (config) => {
    const { desired, step } = await planGrant(config, account, role);
    return describeChange(desired, [step]);
  };
}

function planOfRevoke(account: Account, role: Role | undefined): Planner {
  return async (config) => {
    const { desired, steps } = await planRevoke(config, account, role);
    return describeChange(desired, steps);
  };
}

function planOfRemoval(name: string): Planner {
  return async (config) => {
    const { desired, installed, remaining, removal } = await planDropAttribute(config, name);
    return describeChange(desired, [removal], {
      fitting: fittingStates(remaining, installed.log),
    });
  };
}

/** Plans to revert steps, the last one first. */
async function planOfRollback(config: ConnectedConfig, goal?: number): Promise<PlannedChange> {
  const { to, steps } = await planRollbackSteps(config, goal);
  const isRemoval = to === 0 && steps.length > 0;
  const dropLog = `DROP TABLE ${quoteIdentifier(config.names.migrationLog)}`;
  return describeChange(
    config,
    steps.toReversed().map((step) => revert(config, step)),
    { closing: isRemoval ? [dropLog] : [] },
  );
}

function revert(config: ConnectedConfig, step: Step): Step {
  return {
    ...step,
    comment: '',
    kind: 'removal',
    checksum: '',
    up: [
      ...(step.kind === 'migration' ? [markUnfinished(config, step)] : []),
      ...step.down,
      insertRemoval(config, step),
    ],
  };
}
