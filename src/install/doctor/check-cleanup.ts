import { quoteIdentifier } from '../../util/identifiers';
import { formatCommand } from '../command';
import type { ConnectedConfig } from '../install-config';
import { readPrivileges } from '../privileges/privilege';
import { createScope, hasDatabasePrivilege } from '../privileges/scope';
import { readEventStatus } from '../state/event-status';
import { unrecorded } from '../steps/step';
import { type CheckResult, compare, note, unknownResult } from './check-result';
import { type DoctorContext, migrateCommand } from './doctor-context';

const maxOverdueMinutes = 60;

/** Checks that something cleans up: no session expired more than an hour ago. */
export async function checkCleanup({ config, installed }: DoctorContext): Promise<CheckResult[]> {
  if (!installed.table?.columns.some(({ name }) => name === 'expired')) {
    return [];
  }
  const [row] = await config.connection.query(
    `SELECT COUNT(*), TIMESTAMPDIFF(MINUTE, MIN(\`expired\`), UTC_TIMESTAMP(3))
     FROM ${quoteIdentifier(config.names.table)} WHERE \`expired\` <= UTC_TIMESTAMP(3)`,
  );
  const [count, minutes] = [Number(row?.[0]), Number(row?.[1] ?? 0)];
  const isOverdue = minutes >= maxOverdueMinutes;
  return [
    {
      subject: 'expired sessions',
      state: isOverdue ? 'finding' : 'ok',
      expected: 'none that expired more than an hour ago',
      found: count === 0 ? 'none' : `${count}, the oldest expired ${minutes} minutes ago`,
      remedy: isOverdue ? [formatCommand('gc', config.names.flags)] : [],
    },
  ];
}

/** Checks that the server runs the cleanup event, if the installation has one. */
export async function checkEvent(context: DoctorContext): Promise<CheckResult[]> {
  const { config, installed } = context;
  const [row] = await config.connection.query('SELECT @@GLOBAL.event_scheduler');
  const scheduler = note('event scheduler', 'ON if an event is installed', String(row?.[0]));
  const event = await readEventStatus(config, installed, config.every);
  if (event === null) {
    return [{ ...scheduler, state: 'ok' }];
  }
  const subject = `event ${event.name}`;
  const expected = `runs every ${event.every} seconds`;
  if (!installed.event && !(await canSeeEvents(config))) {
    return [scheduler, unknownResult(subject, expected, 'not visible to this account')];
  }
  if (event.problem !== null && event.remedy.length === 0) {
    return [scheduler, note(subject, expected, event.problem)];
  }
  const { problem, remedy, alternative } = event;
  if (problem === null) {
    const different = differencesOf(context);
    const found = different.length === 0 ? expected : different.join(', ');
    return [scheduler, compare(subject, expected, found, migrateCommand(context))];
  }
  const result = compare(subject, expected, problem, ...remedy);
  return [scheduler, { ...result, ...(alternative && { alternative }) }];
}

// The check of the log reports what is not recorded.
function differencesOf({ steps, differences }: DoctorContext): string[] {
  return steps
    .filter(({ kind }) => kind === 'event')
    .flatMap(({ label }) => differences.get(label) ?? [])
    .filter((text) => text !== unrecorded);
}

// information_schema hides events from an account without the EVENT privilege.
async function canSeeEvents(config: ConnectedConfig): Promise<boolean> {
  const privileges = await readPrivileges(config.connection);
  return hasDatabasePrivilege(privileges, ['EVENT'], createScope(config, []));
}
