import { type Account, formatAccount } from './account';
import type { Attribute } from './attributes/attribute';
import { type EventStatus, eventStatusOf } from './event-status';
import { currentUser, type Installed } from './inspect';
import type { Role } from './roles';
import { definerOf } from './steps';
import { survey } from './survey';
import type { ConnectedTarget } from './target';

export interface StepStatus {
  /** Such as `migrations/0001_create_sessions` or `routines/sess_get`. */
  readonly name: string;
  /** `changed`: applied with another text than today's, or what it made is gone. */
  readonly state: 'applied' | 'changed' | 'pending';
  /** When it was last applied; null where it never was. */
  readonly appliedAt: Date | null;
}

export interface Status {
  readonly database: string;
  readonly table: string;
  readonly prefix: string;
  /**
   * The account that the routines run as. Where each runs as whoever installed it, and that was not
   * always the same account, they stand here with commas.
   */
  readonly definer: string;
  /** Whether nothing is still to do. */
  readonly upToDate: boolean;
  readonly steps: readonly StepStatus[];
  /** The accounts that were given a role. */
  readonly grants: ReadonlyArray<{ readonly account: string; readonly role: Role }>;
  /** What sessions can be found and ended by. */
  readonly attributes: readonly Attribute[];
  /** The event that cleans up in the database; null where none was asked for. */
  readonly event: EventStatus | null;
}

export async function statusOf(target: ConnectedTarget): Promise<Status> {
  const { target: settled, installed, steps, applied, pending } = await survey(target);
  return {
    database: target.database,
    table: target.names.table,
    prefix: target.names.prefix,
    definer: (await definersOf(target, installed)).map(formatAccount).join(', '),
    upToDate: pending.length === 0,
    steps: steps.map(({ name }) => {
      const logged = installed.log?.get(name);
      const state = applied.includes(name) ? 'applied' : logged ? 'changed' : 'pending';
      return { name, state, appliedAt: logged?.appliedAt ?? null };
    }),
    grants: installed.grants.map(({ account, role }) => ({ account: formatAccount(account), role })),
    attributes: settled.attributes.map(({ name, path, type }) => ({ name, path, type })),
    event: await eventStatusOf(target, installed),
  };
}

async function definersOf(target: ConnectedTarget, installed: Installed): Promise<readonly Account[]> {
  if (!installed.currentDefiner) {
    return [definerOf(target)];
  }
  return installed.definers.length > 0 ? installed.definers : [await currentUser(target.connection)];
}
