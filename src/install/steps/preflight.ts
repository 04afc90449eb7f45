import { routineNames, withPrefix } from '../../contract';
import { InstallationError } from '../../errors';
import type { InstallConfig } from '../install-config';
import { isNewerVersion, packageVersion } from '../package-version';
import { formatPrivilege } from '../privileges/privilege';
import { createScope, isInScope } from '../privileges/scope';
import { definerAccount, formatAccount, quoteAccount } from '../sql/account';
import { unfinished } from '../sql/log-statements';
import { isOwnComment, quoteIdentifier } from '../sql/names';
import type { Installation } from '../state/installation';
import { findEntry, type MigrationLog } from '../state/migration-log';
import { routineName } from './routine-steps';
import type { Step } from './step';
import { markTable } from './table-steps';

/**
 * Refuses to overwrite objects of others, and names that do not fit the installation. Changes
 * nothing.
 *
 * @throws {InstallationError}
 */
export function assertInstallable(
  config: InstallConfig,
  installed: Installation,
  steps: readonly Step[],
): void {
  refuseForeignTable(config, installed);
  refuseLostColumns(config, installed);
  refuseForeignDefiner(config, installed);
  refuseForeignRoutines(config, installed, steps);
  refuseForeignEvent(config, installed, steps);
  refuseChangedMigrations(installed, steps);
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

/**
 * Refuses a table of others. Only its comment tells: a table of another store may have the same
 * columns, and a log does not know that its table was replaced.
 *
 * @throws {InstallationError}
 */
export function refuseForeignTable(
  { names, database }: InstallConfig,
  { table }: Installation,
): void {
  if (table !== undefined && !isOwnComment(names, table.comment)) {
    throw new InstallationError(
      `The table ${quoteIdentifier(names.table)} of ${quoteIdentifier(database)} is not marked as ours, ` +
        'so it may have another purpose. Choose another table with --table. Or, if its sessions are ' +
        `ours: ${markTable(names)}`,
    );
  }
}

// Nothing can bring back an id or the data of a session.
function refuseLostColumns({ names, database }: InstallConfig, { table }: Installation): void {
  const lost = [names.sidColumn, 'sess'].filter(
    (column) => table && !table.columns.some(({ name }) => name === column),
  );
  if (lost.length > 0) {
    throw new InstallationError(
      `The table ${quoteIdentifier(names.table)} of ${quoteIdentifier(database)} has no column ` +
        `${lost.join(', ')}. If another column has the session ids, name it with --sid-column. ` +
        `Else restore a backup, or lose the sessions: DROP TABLE ${quoteIdentifier(names.table)};`,
    );
  }
}

// Before an installation exists, an account of the definer's name may serve others. A definer that
// an earlier installation left has privileges on this installation only.
function refuseForeignDefiner(config: InstallConfig, { log, definer }: Installation): void {
  if (log !== undefined || config.currentDefiner || definer === undefined) {
    return;
  }
  const routines = routineNames.map((name) => withPrefix(config.names.prefix, name));
  const scope = createScope(config, routines);
  const own = quoteIdentifier(config.database);
  const others = definer.privileges.filter(
    (privilege) =>
      privilege.on === '*.*' ||
      !(isInScope(privilege, scope) || privilege.on.includes(`PROCEDURE ${own}.`)),
  );
  if (others.length > 0) {
    const account = definerAccount(config);
    throw new InstallationError(
      `The account ${formatAccount(account)} would be the definer of the routines, but it has ` +
        `another purpose: ${others.map(formatPrivilege).join(', ')}. Choose another prefix than ` +
        `${config.names.prefix} with --prefix. Or, if nothing needs the account: ` +
        `DROP USER ${quoteAccount(account)};`,
    );
  }
}

function refuseForeignRoutines(
  config: InstallConfig,
  installed: Installation,
  steps: readonly Step[],
): void {
  const others = installed.routines.filter(({ isOwn }) => !isOwn).map(({ name }) => name);
  // The names of routines ignore letter case on all servers.
  const used = new Set(others.map((name) => name.toLowerCase()));
  const foreign = steps
    .filter(({ kind }) => kind === 'routine')
    .map((step) => routineName(config, step))
    .filter((name) => used.has(name.toLowerCase()));
  if (foreign.length > 0) {
    // Another prefix can't help an existing installation: its own routines have this one.
    const remedy =
      installed.log === undefined
        ? `Choose another prefix than ${config.names.prefix} with --prefix`
        : 'If nothing needs them, drop them and try again: ' +
          foreign.map((name) => `DROP PROCEDURE ${quoteIdentifier(name)};`).join(' ');
    throw new InstallationError(
      `Other procedures with these names exist: ${foreign.join(', ')}. They do not belong to the table ` +
        `${quoteIdentifier(config.names.table)}. ${remedy}`,
    );
  }
}

function refuseForeignEvent(
  { names }: InstallConfig,
  { event }: Installation,
  steps: readonly Step[],
): void {
  if (event && !event.isOwn && steps.some(({ kind }) => kind === 'event')) {
    throw new InstallationError(
      `Another event ${quoteIdentifier(event.name)} exists. It does not belong to the table ` +
        `${quoteIdentifier(names.table)}. Choose another prefix than ${names.prefix} with --prefix`,
    );
  }
}

function refuseChangedMigrations({ log }: Installation, steps: readonly Step[]): void {
  for (const step of steps) {
    const entry = step.kind === 'migration' ? findEntry(log, step) : undefined;
    if (entry && ![step.checksum, unfinished].includes(entry.checksum)) {
      throw new InstallationError(
        `${step.label} differs from the SQL that was applied on ${entry.appliedAt.toISOString()}. ` +
          'A released migration never changes. Use the package version that applied it',
      );
    }
  }
}
