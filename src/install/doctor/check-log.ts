import { quoteIdentifier } from '../../util/identifiers';
import { formatCommand } from '../command';
import { unfinished } from '../sql/log-statements';
import { findCopiedFrom } from '../state/installation-record';
import { findEntry, formatKey, type MigrationLog } from '../state/migration-log';
import { type Step, unrecorded } from '../steps/step';
import { type CheckResult, compare, note } from './check-result';
import { type DoctorContext, migrateCommand } from './doctor-context';

const applied = 'in the log';

/** Checks the migration log: it exists, and it has each migration of this package version. */
export function checkLog(context: DoctorContext): CheckResult[] {
  const { config, installed, steps, differences } = context;
  const { log } = installed;
  const command = migrateCommand(context);
  if (log === undefined) {
    return [compare(`table ${config.names.migrationLog}`, 'the migration log', undefined, command)];
  }
  const source = findCopiedFrom(config, log);
  const copied =
    source === undefined
      ? []
      : [
          {
            ...compare(
              `table ${config.names.migrationLog}`,
              `the log of ${quoteIdentifier(config.database)}`,
              `the log of ${quoteIdentifier(source)}`,
              command,
            ),
            alternative: [formatCommand('migrate --keep-grants', config.names.flags)],
          },
        ];
  const results = steps.map((step) => {
    const isRecorded = !differences.get(step.label)?.includes(unrecorded);
    if (isRecorded && step.kind === 'migration' && isOfAnotherVersion(step, log)) {
      return note(step.label, applied, 'applied by another package version, with different SQL');
    }
    return compare(step.label, applied, isRecorded ? applied : unrecorded, command);
  });
  const unknownEntries = log
    // A role may have ended, and a repair of the table ends with itself.
    .filter(({ kind }) => kind !== 'grant' && kind !== 'table')
    .filter(({ kind, name }) => !steps.some((step) => step.kind === kind && step.name === name));
  return [
    ...copied,
    ...results,
    ...unknownEntries.map((entry) =>
      note(formatKey(entry), 'a step of this package version', 'a step of another version'),
    ),
  ];
}

function isOfAnotherVersion(step: Step, log: MigrationLog): boolean {
  const entry = findEntry(log, step);
  return entry !== undefined && ![step.checksum, unfinished].includes(entry.checksum);
}
