import type { Role } from '../../contract';
import { isDenied } from '../../database/error-codes';
import { DatabaseError } from '../../errors';
import { quoteForShell } from '../../util/identifiers';
import { formatCommand } from '../command';
import type { ConnectedConfig } from '../install-config';
import { packageVersion } from '../package-version';
import { findNewerVersion } from '../preflight/preflight';
import { type Account, formatAccount } from '../sql/account';
import { type Installation, readInstallation } from '../state/installation';
import { currentUser } from '../state/installed-account';
import { allSteps } from '../steps/all-steps';
import { resolveDesiredState } from '../steps/desired-state';
import { compareSteps } from '../steps/differences';
import { checkAccount } from './check-account';
import { checkAttributes } from './check-attributes';
import { checkCleanup, checkEvent } from './check-cleanup';
import { checkDefiner } from './check-definer';
import { checkDetours, checkObstacles } from './check-foreign-objects';
import { checkGrants } from './check-grants';
import { checkLog } from './check-log';
import { checkOtherAccounts } from './check-other-accounts';
import { type Area, type Check, type CheckResult, compare, unknownResult } from './check-result';
import { checkRoutines } from './check-routines';
import { checkServer } from './check-server';
import { checkTable } from './check-table';
import type { DoctorContext } from './doctor-context';

/** The results of all checks. */
export interface Diagnosis {
  readonly database: string;
  readonly table: string;
  readonly prefix: string;
  /** The account that ran the checks. */
  readonly account: string;
  /** The roles that the account was checked for. Null if the whole installation was checked. */
  readonly as: readonly Role[] | null;
  /** The number of checks with the state `finding`. */
  readonly findings: number;
  /** The number of checks with the state `unknown`: the account lacks a privilege. */
  readonly unknown: number;
  readonly checks: readonly Check[];
}

type CheckFunction = (context: DoctorContext) => Promise<CheckResult[]> | CheckResult[];

const checkFunctions: ReadonlyArray<readonly [area: Area, check: CheckFunction]> = [
  ['log', checkLog],
  ['table', checkTable],
  ['table', checkObstacles],
  ['attributes', checkAttributes],
  ['routines', checkRoutines],
  ['definer', checkDefiner],
  ['grants', checkGrants],
  ['grants', checkOtherAccounts],
  ['grants', checkDetours],
  ['cleanup', checkCleanup],
  ['event', checkEvent],
  ['server', checkServer],
];

/**
 * Checks a whole installation, with a DBA's account. Changes nothing.
 *
 * @param trusted accounts that may reach the sessions without a role
 */
export async function diagnose(
  config: ConnectedConfig,
  trusted: readonly Account[] = [],
): Promise<Diagnosis> {
  const installed = await readInstallation(config);
  if (installed.log === undefined && installed.table === undefined) {
    const command = formatCommand('migrate', config.names.flags);
    const result = compare('installation', 'an installation', undefined, command);
    return summarize(config, null, [{ area: 'log', ...result }]);
  }
  const newer = findNewerVersion(installed.log);
  if (newer !== undefined) {
    const remedy = `npx knex-mysql-session@${newer} doctor`;
    const result = compare('package version', newer, packageVersion(), remedy);
    return summarize(config, null, [{ area: 'log', ...result }]);
  }
  const context = createContext(config, installed, trusted);
  const checks: Check[] = [];
  for (const [area, check] of checkFunctions) {
    const results = await runCheck(area, async () => check(context));
    checks.push(...results.map((result) => ({ area, ...result })));
  }
  return summarize(config, null, checks);
}

/** Checks that the connection's account has these roles and nothing else. Changes nothing. */
export async function diagnoseAccount(
  config: ConnectedConfig,
  roles: readonly Role[],
): Promise<Diagnosis> {
  const results = await checkAccount(config, roles);
  // A DBA runs these commands, elsewhere.
  const inDatabase = (step: string) =>
    step.startsWith('knex-mysql-session ')
      ? `npx ${step} --database ${quoteForShell(config.database)}`
      : step;
  const checks = results.map(
    ({ remedy, alternative, ...result }): Check => ({
      area: 'account',
      ...result,
      remedy: remedy.map(inDatabase),
      ...(alternative && { alternative: alternative.map(inDatabase) }),
    }),
  );
  return summarize(config, roles, checks);
}

function createContext(
  config: ConnectedConfig,
  installed: Installation,
  trusted: readonly Account[],
): DoctorContext {
  const desired = resolveDesiredState(config, installed);
  const steps = allSteps(desired);
  const differences = compareSteps(desired, installed, steps);
  return { config: desired, installed, steps, differences, trusted };
}

// A check without privileges must not prevent the other checks.
async function runCheck(area: Area, check: () => Promise<CheckResult[]>): Promise<CheckResult[]> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof DatabaseError && isDenied(error.errno)) {
      const expected = 'an account with the privileges for these checks';
      return [unknownResult(`${area} checks`, expected, error.message)];
    }
    throw error;
  }
}

async function summarize(
  config: ConnectedConfig,
  roles: readonly Role[] | null,
  checks: readonly Check[],
): Promise<Diagnosis> {
  return {
    database: config.database,
    table: config.names.table,
    prefix: config.names.prefix,
    account: formatAccount(await currentUser(config.connection)),
    as: roles,
    findings: checks.filter(({ state }) => state === 'finding').length,
    unknown: checks.filter(({ state }) => state === 'unknown').length,
    checks,
  };
}
