import type { Role } from '../../contract';
import type { Attribute } from '../attributes/attribute';
import type { ConnectedConfig } from '../install-config';
import { type Account, definerAccount, formatAccount } from '../sql/account';
import { type EventStatus, readEventStatus } from '../state/event-status';
import { currentUser, type Installation } from '../state/installation';
import { findEntry } from '../state/migration-log';
import { makePlan } from './plan';

export interface StepStatus {
  /** Such as `migrations/0001_create_sessions` or `routines/sess_get`. */
  readonly name: string;
  /** `changed`: it was applied, but its SQL changed since, or the server lost what it installed. */
  readonly state: 'applied' | 'changed' | 'pending';
  /** When it was last applied; `null` if it never was. */
  readonly appliedAt: Date | null;
}

export interface Status {
  readonly database: string;
  readonly table: string;
  readonly prefix: string;
  /**
   * The account that the routines run as. With `definer: 'current'`, several accounts may have
   * installed routines: then it lists them, with commas.
   */
  readonly definer: string;
  /** Whether no step is pending. */
  readonly upToDate: boolean;
  readonly steps: readonly StepStatus[];
  /** The accounts that have a role. */
  readonly grants: ReadonlyArray<{ readonly account: string; readonly role: Role }>;
  readonly attributes: readonly Attribute[];
  /** The event that cleans up; `null` without one. */
  readonly event: EventStatus | null;
}

export async function readStatus(config: ConnectedConfig): Promise<Status> {
  const { desired, installed, steps, pending } = await makePlan(config);
  return {
    database: config.database,
    table: config.names.table,
    prefix: config.names.prefix,
    definer: (await findDefiners(config, installed)).map(formatAccount).join(', '),
    upToDate: pending.length === 0,
    steps: steps.map((step) => {
      const entry = findEntry(installed.log, step);
      const outdated = entry ? 'changed' : 'pending';
      return {
        name: step.label,
        state: pending.includes(step) ? outdated : 'applied',
        appliedAt: entry?.appliedAt ?? null,
      };
    }),
    grants: installed.grants.map(({ account, role }) => ({
      account: formatAccount(account),
      role,
    })),
    attributes: desired.attributes.map(({ name, path, type }) => ({ name, path, type })),
    event: await readEventStatus(config, installed, desired.every),
  };
}

async function findDefiners(
  config: ConnectedConfig,
  installed: Installation,
): Promise<readonly Account[]> {
  if (!installed.currentDefiner) {
    return [definerAccount(config)];
  }
  return installed.definers.length > 0
    ? installed.definers
    : [await currentUser(config.connection)];
}
