import type { UmzugStorage } from 'umzug';
import { isInstalled } from './event';
import type { Installed } from './inspect';
import { logStatement } from './log-statements';
import { quoteIdentifier } from './names';
import { ownRoutines } from './preflight';
import { routineName, type Step } from './steps';
import type { ConnectedTarget, Target } from './target';

/**
 * The names of the steps that need not run: recorded with the text of today, and what they made is still
 * there. A migration that was recorded with another text is refused elsewhere.
 */
export function appliedSteps(target: Target, installed: Installed, steps: readonly Step[]): string[] {
  const routines = ownRoutines(target, installed);
  const stillThere = (step: Step): boolean => {
    switch (step.kind) {
      case 'migration':
        return installed.columns.length > 0;
      case 'definer':
        return installed.definerExists;
      case 'attribute':
        return target.attributes.some(
          ({ name, hasColumn, hasIndex }) =>
            step.name.startsWith(`attributes/${name}/`) && hasColumn && hasIndex,
        );
      case 'routine':
        // Its right to execute the routine went with the definer.
        return installed.definerExists && routines.includes(routineName(target, step));
      case 'event':
        return installed.definerExists && isInstalled(step, installed);
      case 'grants':
        return true;
      case 'removal':
        return false;
    }
  };
  return steps
    .filter((step) => installed.log?.get(step.name)?.checksum === step.checksum && stillThere(step))
    .map(({ name }) => name);
}

/** umzug's view of the log. */
export function migrationLog(
  target: ConnectedTarget,
  steps: readonly Step[],
  applied: readonly string[],
): UmzugStorage {
  const stepsByName = new Map(steps.map((step) => [step.name, step]));
  return {
    executed: async () => [...applied],
    logMigration: async ({ name }) => {
      const step = stepsByName.get(name);
      if (step && step.kind !== 'removal') {
        await target.connection.query(logStatement(target, step));
      }
    },
    unlogMigration: async ({ name }) => {
      await target.connection.query(
        `DELETE FROM ${quoteIdentifier(target.names.migrationLog)} WHERE \`name\` = ?`,
        [name],
      );
    },
  };
}
