import { quoteIdentifier } from '../../util/identifiers';
import type { InstallConfig } from '../install-config';
import { packageVersion } from '../package-version';
import {
  createLogStatements,
  isCurrentEntry,
  quoteString,
  startClock,
} from '../sql/log-statements';
import type { MigrationLog } from '../state/migration-log';
import { installationStep } from '../steps/all-steps';
import type { DesiredState } from '../steps/desired-state';
import { recordStatements, type Step } from '../steps/step';
import { sessionSettings } from './connect';

/** What a change would do, as SQL. Run all statements in order, over one connection. */
export interface PlannedChange {
  readonly database: string;
  readonly table: string;
  readonly prefix: string;
  readonly packageVersion: string;
  /** The statements before the first step. Empty if there is no step. */
  readonly opening: readonly string[];
  readonly steps: readonly PlannedStep[];
  /** The statements after the last step. */
  readonly closing: readonly string[];
}

/** A step of a plan. */
export interface PlannedStep {
  /** Such as `routines/sess_get`. */
  readonly name: string;
  /** What it installs, such as `routine`; `removal` if it removes something. */
  readonly kind: Step['kind'];
  /** Why it is pending: what the server has differently. Empty if the caller asked for the step. */
  readonly differences: readonly string[];
  /** The reasons behind the SQL: text without comment signs, or nothing. */
  readonly comment: string;
  /** The statements, also the one that writes the migration log. */
  readonly statements: readonly string[];
  /** SHA-256 of the step, as the log has it; `null` for a removal. */
  readonly checksum: string | null;
}

/** The states of an installation that a plan fits. */
export interface FittingStates {
  /** The checksums of the recorded choices. */
  readonly choices: readonly string[];
  readonly versions: readonly string[];
}

/** Details of a plan that only some changes have. */
interface PlanExtras {
  readonly differences?: ReadonlyMap<string, readonly string[]>;
  readonly fitting?: FittingStates;
  readonly closing?: readonly string[];
}

/** Returns a change with the statements that `migrate` or another command would run. */
export function describeChange(
  config: InstallConfig,
  steps: readonly Step[],
  { differences, fitting, closing = [] }: PlanExtras = {},
): PlannedChange {
  const { database, names } = config;
  const opening = [
    `USE ${quoteIdentifier(database)}`,
    ...sessionSettings,
    ...createLogStatements(config),
    ...(fitting ? [assertFitting(config, fitting)] : []),
  ];
  return {
    database,
    table: names.table,
    prefix: names.prefix,
    packageVersion: packageVersion(),
    opening: steps.length === 0 ? [] : opening,
    steps: steps.map((step) => ({
      name: step.label,
      kind: step.kind,
      differences: differences?.get(step.label) ?? [],
      comment: step.comment.replace(/^-- ?/gm, '').trimEnd(),
      statements: [startClock, ...step.up, ...recordStatements(config, step)],
      checksum: step.checksum === '' ? null : step.checksum,
    })),
    closing,
  };
}

/** Returns the states in which a script can run: as it was planned, and as the script leaves it. */
export function fittingStates(desired: DesiredState, log: MigrationLog): FittingStates {
  const recorded = (log ?? []).filter(({ kind }) => kind === 'installation');
  return {
    choices: [installationStep(desired), ...recorded].map(({ checksum }) => checksum),
    versions: [...new Set([packageVersion(), ...(log ?? []).map((entry) => entry.packageVersion)])],
  };
}

// A script that runs again later must not undo other changes: it records the choices that it knows.
// No statement outside of a routine raises an error, so this one sets a wrong value.
function assertFitting(
  { database, names }: InstallConfig,
  { choices, versions }: FittingStates,
): string {
  const list = (values: readonly string[]) => [...new Set(values)].map(quoteString).join(', ');
  // The server reads a list: it would show the text up to a comma.
  const place = `${database}.${names.table}`.replaceAll(',', ' ');
  const message = `${place} changed after this script was printed: print it again`;
  return (
    `SET SESSION sql_mode = IF(EXISTS (SELECT 1 FROM ${quoteIdentifier(names.migrationLog)} ` +
    `WHERE ${isCurrentEntry(names)} AND (package_version NOT IN (${list(versions)}) ` +
    `OR (kind = 'installation' AND checksum NOT IN (${list(choices)})))), ` +
    `${quoteString(message)}, @@SESSION.sql_mode)`
  );
}
