import { InstallationError } from '../errors';
import { quoteIdentifier } from '../util/identifiers';
import type { Naming, ObjectNames } from './install-config';
import { isSameName, resolveNames } from './sql/names';
import type { FoundInstallation } from './state/find-installations';

/**
 * Returns the names of the installation that the caller means: the only one of the database, or the
 * one with the given names. Else it is a new one, with the given names and the defaults.
 *
 * @throws {InstallationError} if there are several, or if a new one would take from another
 */
export function chooseNames(
  naming: Naming,
  found: readonly FoundInstallation[],
  database: string,
): ObjectNames {
  // Checks the names also where an installation has them.
  const wanted = resolveNames(naming);
  const { table, prefix } = naming;
  if (table === undefined && prefix === undefined) {
    if (found.length > 1) throw severalInstallations(found, database);
    return namesOf(naming, found[0]) ?? wanted;
  }
  const known =
    found.find((one) => table !== undefined && one.table === table) ??
    found.find((one) => table === undefined && isSameName(one.prefix, wanted.prefix));
  if (known && prefix !== undefined && !isSameName(known.prefix, prefix)) {
    throw new InstallationError(
      `The table ${quoteIdentifier(known.table)} of ${quoteIdentifier(database)} belongs to the ` +
        `installation with --prefix ${known.prefix}, not ${prefix}. For another installation, ` +
        'choose another table with --table too',
    );
  }
  const others = found.filter((one) => one !== known);
  if (known === undefined) refuseTaken(wanted, found, database);
  const names = namesOf(naming, known) ?? wanted;
  return others.length === 0
    ? names
    : { ...names, flags: { ...names.flags, prefix: names.prefix } };
}

function namesOf(naming: Naming, known: FoundInstallation | undefined): ObjectNames | undefined {
  if (known === undefined) {
    return undefined;
  }
  const sidColumn = naming.sidColumn ?? known.sidColumn;
  if (known.sidColumn !== undefined && sidColumn !== known.sidColumn) {
    throw new InstallationError(
      `The table ${quoteIdentifier(known.table)} has the session ids in the column ` +
        `${quoteIdentifier(known.sidColumn)}, not ${quoteIdentifier(String(sidColumn))}. ` +
        'Leave out --sid-column',
    );
  }
  return { ...resolveNames({ ...known, sidColumn }), flags: {} };
}

function severalInstallations(
  found: readonly FoundInstallation[],
  database: string,
): InstallationError {
  return new InstallationError(
    `${quoteIdentifier(database)} has several installations. Name one:\n` +
      found.map(({ table, prefix }) => `  --prefix ${prefix} (table ${table})`).join('\n'),
  );
}

// A second installation must not replace the routines of the first, nor share its table.
function refuseTaken(
  wanted: ObjectNames,
  found: readonly FoundInstallation[],
  database: string,
): void {
  const other = found.find(
    ({ table, prefix }) => table === wanted.table || isSameName(prefix, wanted.prefix),
  );
  if (other === undefined) {
    return;
  }
  const taken =
    other.table === wanted.table
      ? `The table ${quoteIdentifier(other.table)}`
      : `The prefix ${other.prefix}`;
  throw new InstallationError(
    `${taken} of ${quoteIdentifier(database)} belongs to the installation with --table ` +
      `${other.table} and --prefix ${other.prefix}. For that one, give its names; for another ` +
      'one, choose both --table and --prefix',
  );
}
