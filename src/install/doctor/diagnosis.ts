import { DatabaseError, InstallationError } from '../../errors';
import { errno, isDenied } from '../../servers';
import { formatAccount } from '../account';
import { plannedAttributes } from '../attributes/attribute-steps';
import { everyOf } from '../event';
import { currentUser, type Installed, inspect } from '../inspect';
import { quoteIdentifier } from '../names';
import type { Role } from '../roles';
import { stepsOf } from '../steps';
import type { ConnectedTarget } from '../target';
import { examineAccount } from './account';
import { examineAttributes } from './attributes';
import { type Area, type Check, compare, type Observation, type Patient } from './check';
import { examineCleanup } from './cleanup';
import { examineClock } from './clock';
import { examineDefiner } from './definer';
import { examineEvent } from './event';
import { examineGrants, examineOtherAccounts } from './grants';
import { examineLog } from './log';
import { examineRoutines } from './routines';
import { examineTable } from './table';

export interface Diagnosis {
  readonly database: string;
  readonly table: string;
  readonly prefix: string;
  /** The account that looked. */
  readonly account: string;
  /** The roles that it was looked at for; null where the whole installation was looked at. */
  readonly as: readonly Role[] | null;
  /** How many checks are a finding. */
  readonly findings: number;
  /** How many could not be made, for want of a right. */
  readonly unknown: number;
  readonly checks: readonly Check[];
}

type Examination = (patient: Patient) => Promise<Observation[]> | Observation[];

const examinations: ReadonlyArray<readonly [area: Area, examine: Examination]> = [
  ['log', examineLog],
  ['table', examineTable],
  ['attributes', examineAttributes],
  ['routines', examineRoutines],
  ['definer', examineDefiner],
  ['grants', examineGrants],
  ['grants', examineOtherAccounts],
  ['cleanup', examineCleanup],
  ['event', examineEvent],
  ['clock', examineClock],
];

/** Looks at a whole installation, as a DBA. Changes nothing. */
export async function diagnose(target: ConnectedTarget): Promise<Diagnosis> {
  const installed = await inspectAsDba(target);
  if (installed.log === undefined && installed.columns.length === 0) {
    const nothing = compare('installation', 'an installation', undefined, 'knex-mysql-session migrate');
    return conclude(target, null, [{ area: 'log', ...nothing }]);
  }
  const { currentDefiner } = installed;
  const attributes = plannedAttributes(installed);
  const settled = { ...target, currentDefiner, every: everyOf(undefined, installed), attributes };
  const patient = { target: settled, installed, steps: stepsOf(settled, installed.grants) };
  const checks: Check[] = [];
  for (const [area, examine] of examinations) {
    const observations = await attempt(area, async () => examine(patient));
    checks.push(...observations.map((observation) => ({ area, ...observation })));
  }
  return conclude(target, null, checks);
}

/** Looks at the account of the connection, as one that has these roles and nothing else. Changes nothing. */
export async function diagnoseAccount(target: ConnectedTarget, roles: readonly Role[]): Promise<Diagnosis> {
  const observations = await examineAccount(target, roles);
  return conclude(
    target,
    roles,
    observations.map((observation) => ({ area: 'account', ...observation })),
  );
}

async function conclude(
  target: ConnectedTarget,
  roles: readonly Role[] | null,
  checks: readonly Check[],
): Promise<Diagnosis> {
  return {
    database: target.database,
    table: target.names.table,
    prefix: target.names.prefix,
    account: formatAccount(await currentUser(target.connection)),
    as: roles,
    findings: checks.filter(({ state }) => state === 'finding').length,
    unknown: checks.filter(({ state }) => state === 'unknown').length,
    checks,
  };
}

async function inspectAsDba(target: ConnectedTarget): Promise<Installed> {
  try {
    return await inspect(target);
  } catch (error) {
    if (error instanceof DatabaseError && error.errno === errno.tableDenied) {
      throw new InstallationError(
        `This account may not read ${quoteIdentifier(target.names.migrationLog)}, as a DBA's may. Where it is ` +
          "an application's, say so: --as application",
        { cause: error },
      );
    }
    throw error;
  }
}

// What one may not see is no reason not to tell the rest.
async function attempt(area: Area, examine: () => Promise<Observation[]>): Promise<Observation[]> {
  try {
    return await examine();
  } catch (error) {
    if (error instanceof DatabaseError && isDenied(error.errno)) {
      return [
        {
          subject: `all about the ${area}`,
          state: 'unknown',
          expected: 'an account that may look',
          found: error.message,
          remedy: [],
        },
      ];
    }
    throw error;
  }
}
