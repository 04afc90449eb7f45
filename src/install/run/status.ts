import type { Role } from '../../contract';
import type { Attribute } from '../attributes/attribute';
import type { ConnectedConfig } from '../install-config';
import { type Account, definerAccount, formatAccount } from '../sql/account';
import { type EventStatus, readEventStatus } from '../state/event-status';
import { findDefiners, type Installation } from '../state/installation';
import { findEntry, type RoleGrant } from '../state/migration-log';
import { makePlan } from './plan';

export interface StepStatus {
  /** Such as `migrations/0001_create_sessions` or `routines/sess_get`. */
  readonly name: string;
  /** `changed`: it was applied, and the server now has something else than it should have. */
  readonly state: 'applied' | 'changed' | 'pending';
  /** What the server has differently from the step, such as `different body`. */
  readonly differences: readonly string[];
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
  const { desired, installed, steps, differences, pending } = await makePlan(config);
  return {
    database: config.database,
    table: config.names.table,
    prefix: config.names.prefix,
    definer: definersOf(config, installed).map(formatAccount).join(', '),
    upToDate: pending.length === 0,
    steps: steps.map((step) => {
      const entry = findEntry(installed.log, step);
      const found = differences.get(step.label) ?? [];
      const outdated = entry ? 'changed' : 'pending';
      return {
        name: step.label,
        state: found.length === 0 ? 'applied' : outdated,
        differences: found,
        appliedAt: entry?.appliedAt ?? null,
      };
    }),
    grants: desired.grants.map(formatGrant),
    attributes: desired.attributes.map(({ name, path, type }) => ({ name, path, type })),
    event: await readEventStatus(config, installed, desired.every),
  };
}

/** Formats a role of an account for people. */
export function formatGrant({ account, role }: RoleGrant): Status['grants'][number] {
  return { account: formatAccount(account), role };
}

function definersOf(config: ConnectedConfig, installed: Installation): Account[] {
  if (!installed.currentDefiner) {
    return [definerAccount(config)];
  }
  const definers = findDefiners(installed);
  return definers.length > 0 ? definers : [installed.installer];
}
