import { withPrefix } from '../../contract';
import { sha256 } from '../../util/sha256';
import type { ConnectedConfig, InstallConfig } from '../install-config';
import { deleteLogEntry } from '../sql/log-statements';
import { quoteIdentifier } from '../sql/names';
import { readSqlFile, render } from '../sql/sql-files';
import { statementOf, statementsOf } from '../sql/statements';
import type { Installation } from '../state/installation';
import { eventFacts } from '../state/migration-log';
import { currentInterval, type DesiredState } from './desired-state';
import { createRemoval, createStep, type Step } from './step';

/** Returns the step that installs the event, if there should be one. */
export function createEventSteps(desired: DesiredState): Step[] {
  const { every } = desired;
  if (every === undefined) {
    return [];
  }
  const file = readSqlFile('events/sess_gc');
  const { comment, sql } = render(file, desired, { every: String(every) });
  const create = statementOf(sql);
  return [
    createStep(eventFacts(every), {
      comment,
      checksum: sha256(create),
      up: [
        ...eventGrants(desired),
        // In a time zone with daylight saving time, the event would pause for the repeated hour.
        "SET SESSION time_zone = '+00:00'",
        ...(desired.capabilities.replacesRoutines ? [] : [drop(desired)]),
        create,
      ],
      down: [drop(desired)],
    }),
  ];
}

/** Returns whether the event exists as it should. */
export function isEventInstalled({ every }: DesiredState, { event }: Installation): boolean {
  return event?.isOwn === true && event.hasPrivilege && event.every === every;
}

/** Returns the step that removes the event, if it exists and should not. */
export function removeEventSteps(config: ConnectedConfig, installed: Installation): Step[] {
  const every = currentInterval(installed);
  if (config.event !== false || every === undefined) {
    return [];
  }
  const grants = eventGrants(config);
  const revokes = grants.map((grant) =>
    grant.replace(/^GRANT/, 'REVOKE').replace(' TO ', ' FROM '),
  );
  const event = eventFacts(every);
  // A second run would fail to revoke a privilege that is gone. So grant it first.
  return [
    createRemoval(event, [drop(config), ...grants, ...revokes, deleteLogEntry(config, event)]),
  ];
}

// An account that installs as the definer has the privilege already: else it can't create an event.
function eventGrants(config: InstallConfig): string[] {
  if (config.currentDefiner) {
    return [];
  }
  const schema = config.capabilities.databasesAreLiteral
    ? config.database
    : config.database.replace(/[\\_%]/g, '\\$&');
  const values = { database: quoteIdentifier(schema) };
  return statementsOf(render(readSqlFile('privileges/event'), config, values).sql);
}

function drop(config: InstallConfig): string {
  return `DROP EVENT IF EXISTS ${quoteIdentifier(withPrefix(config.names.prefix, 'sess_gc'))}`;
}
