import type { UmzugStorage } from 'umzug';
import { isInstalled } from './event';
import { type Installed, reverting } from './inspect';
import { quoteIdentifier } from './names';
import { ownRoutines } from './preflight';
import { readSqlFile, render, statementOf } from './sql-files';
import { routineName, type Step } from './steps';
import type { ConnectedTarget, Target } from './target';

/** The statement that makes the table of the log. */
export function createLogStatement(target: Target): string {
  return statementOf(render(readSqlFile('sql/migration_log.sql').text, target));
}

/** The statement that records a step as applied. */
export function logStatement({ names }: Target, { name, checksum }: Step): string {
  return (
    `REPLACE INTO ${quoteIdentifier(names.migrationLog)} (\`name\`, \`checksum\`, \`applied_at\`) ` +
    `VALUES (${quoteString(name)}, ${quoteString(checksum)}, UTC_TIMESTAMP(3))`
  );
}

/**
 * The statement ahead of those that take a migration back. Whoever finds it half undone, because the installer
 * was ended there, sees that it is to be undone, or done, again.
 */
export function revertingStatement({ names }: Target, { name }: Step): string {
  return (
    `UPDATE ${quoteIdentifier(names.migrationLog)} SET \`checksum\` = ${quoteString(reverting)} ` +
    `WHERE \`name\` = ${quoteString(name)}`
  );
}

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

// The text is ours but for accounts, in which no quote and no backslash can stand.
function quoteString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
