import { routineNames, withPrefix } from '../../contract';
import { quoteIdentifier } from '../../util/identifiers';
import type { InstallConfig } from '../install-config';
import { formatPrivilege } from '../privileges/privilege';
import { createScope, isInScope } from '../privileges/scope';
import { definerAccount, formatAccount, quoteAccount } from '../sql/account';
import { isOwnComment } from '../sql/names';
import type { Installation } from '../state/installation';
import { routineName } from '../steps/routine-steps';
import type { Step } from '../steps/step';
import { markTable } from '../steps/table-steps';

/** Returns which objects of others have the names of ours, each with the ways out. */
export function findNameConflicts(
  config: InstallConfig,
  installed: Installation,
  steps: readonly Step[],
): string[] {
  return [
    ...explainForeignTable(config, installed),
    ...explainForeignDefiner(config, installed),
    ...explainForeignRoutines(config, installed, steps),
    ...explainForeignEvent(config, installed, steps),
  ];
}

/**
 * Returns that the table belongs to others, if it does. Only its comment tells: a table of another
 * store may have the same columns, and a log does not know that its table was replaced.
 */
export function explainForeignTable(
  { names, database }: InstallConfig,
  { table }: Installation,
): string[] {
  return table === undefined || isOwnComment(names, table.comment)
    ? []
    : [
        `The table ${quoteIdentifier(names.table)} of ${quoteIdentifier(database)} is not marked as ours, ` +
          'so it may have another purpose. Choose another table with --table. Or, if its sessions are ' +
          `ours: ${markTable(names)}`,
      ];
}

// Before an installation exists, an account of the definer's name may serve others. A definer that
// an earlier installation left has privileges on this installation only.
function explainForeignDefiner(config: InstallConfig, { log, definer }: Installation): string[] {
  if (log !== undefined || config.currentDefiner || definer === undefined) {
    return [];
  }
  const routines = routineNames.map((name) => withPrefix(config.names.prefix, name));
  const scope = createScope(config, routines);
  const own = quoteIdentifier(config.database);
  const others = definer.privileges.filter(
    (privilege) =>
      privilege.on === '*.*' ||
      !(isInScope(privilege, scope) || privilege.on.includes(`PROCEDURE ${own}.`)),
  );
  if (others.length === 0) {
    return [];
  }
  const account = definerAccount(config);
  return [
    `The account ${formatAccount(account)} would be the definer of the routines, but it has ` +
      `another purpose: ${others.map(formatPrivilege).join(', ')}. Choose another prefix than ` +
      `${config.names.prefix} with --prefix. Or, if nothing needs the account: ` +
      `DROP USER ${quoteAccount(account)};`,
  ];
}

function explainForeignRoutines(
  config: InstallConfig,
  installed: Installation,
  steps: readonly Step[],
): string[] {
  const others = installed.routines.filter(({ isOwn }) => !isOwn).map(({ name }) => name);
  // The names of routines ignore letter case on all servers.
  const used = new Set(others.map((name) => name.toLowerCase()));
  const foreign = steps
    .filter(({ kind }) => kind === 'routine')
    .map((step) => routineName(config, step))
    .filter((name) => used.has(name.toLowerCase()));
  if (foreign.length === 0) {
    return [];
  }
  // Another prefix can't help an existing installation: its own routines have this one.
  const remedy =
    installed.log === undefined
      ? `Choose another prefix than ${config.names.prefix} with --prefix`
      : 'If nothing needs them, drop them and try again: ' +
        foreign.map((name) => `DROP PROCEDURE ${quoteIdentifier(name)};`).join(' ');
  return [
    `Other procedures with these names exist: ${foreign.join(', ')}. They do not belong to the table ` +
      `${quoteIdentifier(config.names.table)}. ${remedy}`,
  ];
}

function explainForeignEvent(
  { names }: InstallConfig,
  { event }: Installation,
  steps: readonly Step[],
): string[] {
  if (event === undefined || event.isOwn || !steps.some(({ kind }) => kind === 'event')) {
    return [];
  }
  return [
    `Another event ${quoteIdentifier(event.name)} exists. It does not belong to the table ` +
      `${quoteIdentifier(names.table)}. Choose another prefix than ${names.prefix} with --prefix`,
  ];
}
