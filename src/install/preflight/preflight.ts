import { explainTooOld } from '../../database/server-version';
import { InstallationError } from '../../errors';
import { quoteIdentifier } from '../../util/identifiers';
import type { InstallConfig } from '../install-config';
import { isNewerVersion, packageVersion } from '../package-version';
import { unfinished } from '../sql/log-statements';
import { isOwnComment } from '../sql/names';
import type { Installation } from '../state/installation';
import { findEntry, type MigrationLog } from '../state/migration-log';
import type { Step } from '../steps/step';
import { findNameConflicts } from './name-conflicts';
import { findMissingRights } from './needed-rights';

/**
 * Refuses to overwrite objects of others, names that do not fit the installation, and what these
 * steps would fail at. The error lists everything at once. Changes nothing.
 *
 * @param pending the steps that will run now
 * @throws {InstallationError}
 */
export function assertInstallable(
  config: InstallConfig,
  installed: Installation,
  steps: readonly Step[],
  pending: readonly Step[],
): void {
  refuse([
    ...explainVersion(installed),
    ...explainReadOnly(installed, pending),
    ...explainPlugin(installed, pending),
    ...findMissingRights(config, installed, pending),
    ...findNameConflicts(config, installed, steps),
    ...explainLostColumns(config, installed),
    ...explainChangedMigrations(installed, steps),
  ]);
}

/** @throws {InstallationError} if there are problems */
export function refuse(problems: readonly string[]): void {
  const [first] = problems;
  if (first !== undefined) {
    throw new InstallationError(
      problems.length === 1
        ? first
        : `${problems.length} problems:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
    );
  }
}

// A replica gets the installation from its primary. After another write, the two would differ.
function explainReadOnly({ isReadOnly }: Installation, pending: readonly Step[]): string[] {
  return isReadOnly && pending.length > 0
    ? ['The server is read-only, as replicas are. Run the command on the server that takes writes']
    : [];
}

// A definer of MariaDB has this plugin, with which no client logs in over a network.
function explainPlugin({ hasDefinerPlugin }: Installation, pending: readonly Step[]): string[] {
  return hasDefinerPlugin || !pending.some(({ kind }) => kind === 'definer')
    ? []
    : [
        'The server does not have the plugin unix_socket, which the definer needs. ' +
          "An administrator runs: INSTALL SONAME 'auth_socket'; Or let the routines run as the " +
          'account that installs, with --definer current',
      ];
}

function explainVersion({ serverVersion }: Installation): string[] {
  const problem = explainTooOld(serverVersion);
  return problem === undefined ? [] : [problem];
}

// Nothing can bring back an id or the data of a session. A table of others has other columns.
function explainLostColumns({ names, database }: InstallConfig, { table }: Installation): string[] {
  if (table === undefined || !isOwnComment(names, table.comment)) {
    return [];
  }
  const lost = [names.sidColumn, 'sess'].filter(
    (column) => !table.columns.some(({ name }) => name === column),
  );
  return lost.length === 0
    ? []
    : [
        `The table ${quoteIdentifier(names.table)} of ${quoteIdentifier(database)} has no column ` +
          `${lost.join(', ')}. If another column has the session ids, name it with --sid-column. ` +
          `Else restore a backup, or lose the sessions: DROP TABLE ${quoteIdentifier(names.table)};`,
      ];
}

function explainChangedMigrations({ log }: Installation, steps: readonly Step[]): string[] {
  return steps.flatMap((step) => {
    const entry = step.kind === 'migration' ? findEntry(log, step) : undefined;
    return entry && ![step.checksum, unfinished].includes(entry.checksum)
      ? [
          `${step.label} differs from the SQL that was applied on ${entry.appliedAt.toISOString()}. ` +
            'A released migration never changes. Use the package version that applied it',
        ]
      : [];
  });
}

/**
 * Refuses to work on what a newer package version installed.
 *
 * @throws {InstallationError}
 */
export function refuseOlderPackage({ log }: Pick<Installation, 'log'>): void {
  const newer = findNewerVersion(log);
  if (newer !== undefined) {
    throw new InstallationError(
      `Version ${newer} of this package installed it, and this is ${packageVersion()}. ` +
        `Run the command with that version: npx knex-mysql-session@${newer}`,
    );
  }
}

/** Returns the newest package version of the log, if it is newer than this one. */
export function findNewerVersion(log: MigrationLog): string | undefined {
  const own = packageVersion();
  const newest = (log ?? [])
    .map((entry) => entry.packageVersion)
    .reduce((one, other) => (isNewerVersion(other, one) ? other : one), own);
  return newest === own ? undefined : newest;
}
