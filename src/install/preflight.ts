import { InstallationError } from '../errors';
import { type Installed, isManualOf } from './inspect';
import { unfinished } from './log-statements';
import { ownColumns, quoteIdentifier } from './names';
import { routineName, type Step } from './steps';
import type { Target } from './target';

/**
 * Refuses to install over what is not this package's, or under names that don't fit what is there.
 * Nothing was changed when it throws.
 */
export function preflight(target: Target, installed: Installed, steps: readonly Step[]): void {
  refuseForeignTable(target, installed);
  refuseForeignRoutines(target, installed, steps);
  refuseForeignEvent(target, installed, steps);
  refuseChangedMigrations(installed, steps);
}

/** The routines with the prefix that work on this table: each names it in its manual. */
export function ownRoutines({ names }: Target, installed: Installed): string[] {
  return [...installed.routines].flatMap(([name, manual]) => (isManualOf(names, manual) ? [name] : []));
}

function refuseForeignTable({ names, database }: Target, { columns }: Installed): void {
  const expected = [names.sidColumn, ...ownColumns];
  const missing = expected.filter((column) => !columns.some(({ name }) => name === column));
  if (columns.length > 0 && missing.length > 0) {
    throw new InstallationError(
      `The table ${quoteIdentifier(names.table)} of ${quoteIdentifier(database)} is not one of this package's: ` +
        `it has no column ${missing.join(', ')}. Choose another with --table, or name its column for the ` +
        `session's id with --sid-column. Its columns are ${columns.map(({ name }) => name).join(', ')}`,
    );
  }
}

function refuseForeignRoutines(target: Target, installed: Installed, steps: readonly Step[]): void {
  const own = ownRoutines(target, installed);
  const others = [...installed.routines.keys()].filter((name) => !own.includes(name));
  // The servers take the names of routines that differ only in letter case for the same.
  const taken = new Set(others.map((name) => name.toLowerCase()));
  const foreign = steps
    .filter(({ kind }) => kind === 'routine')
    .map((step) => routineName(target, step))
    .filter((name) => taken.has(name.toLowerCase()));
  if (foreign.length > 0) {
    throw new InstallationError(
      `Procedures of these names exist and don't work on the table ${quoteIdentifier(target.names.table)}: ` +
        `${foreign.join(', ')}. Choose another prefix than ${target.names.prefix} with --prefix`,
    );
  }
}

function refuseForeignEvent({ names }: Target, { event }: Installed, steps: readonly Step[]): void {
  if (event && !event.own && steps.some(({ kind }) => kind === 'event')) {
    throw new InstallationError(
      `An event ${quoteIdentifier(event.name)} exists and does not work on the table ${quoteIdentifier(names.table)}. ` +
        `Choose another prefix than ${names.prefix} with --prefix`,
    );
  }
}

function refuseChangedMigrations({ log }: Installed, steps: readonly Step[]): void {
  for (const { kind, name, checksum } of steps) {
    const logged = log?.get(name);
    if (kind === 'migration' && logged && ![checksum, unfinished].includes(logged.checksum)) {
      throw new InstallationError(
        `${name} is not the text that was applied on ${logged.appliedAt.toISOString()}: a released migration ` +
          'never changes. Reinstall the package, and if that does not help, report it',
      );
    }
  }
}
