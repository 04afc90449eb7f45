import { findEntry, formatKey } from '../state/migration-log';
import { type CheckResult, compare, migrateCommand, note } from './check-result';
import type { DoctorContext } from './doctor-context';

const applied = 'applied, up to date';
const updateCommand = 'npm install knex-mysql-session';

/** Checks the migration log: each step of this package version is applied with its current SQL. */
export function checkLog({ config, installed, steps }: DoctorContext): CheckResult[] {
  const { log } = installed;
  if (log === undefined) {
    const subject = `table ${config.names.migrationLog}`;
    return [compare(subject, 'the migration log', undefined, migrateCommand)];
  }
  const results = steps.map((step) => {
    const entry = findEntry(log, step);
    if (entry === undefined) {
      return compare(step.label, applied, 'not in the migration log', migrateCommand);
    }
    // A released migration never changes, so another package version applied this one.
    const remedy = step.kind === 'migration' ? updateCommand : migrateCommand;
    const found = entry.checksum === step.checksum ? applied : 'applied with different SQL';
    return compare(step.label, applied, found, remedy);
  });
  const unknownEntries = log
    .filter(({ kind }) => kind !== 'grant')
    .filter(({ kind, name }) => !steps.some((step) => step.kind === kind && step.name === name));
  return [
    ...results,
    ...unknownEntries.map((entry) =>
      note(
        formatKey(entry),
        'a step of this package version',
        'a step of another version',
        updateCommand,
      ),
    ),
  ];
}
