import { withPrefix } from '../../contract';
import { quoteIdentifier } from '../../util/identifiers';
import { sha256 } from '../../util/sha256';
import type { ConnectedConfig, InstallConfig } from '../install-config';
import { formatAccount } from '../sql/account';
import { insertRemoval } from '../sql/log-statements';
import { readSqlFile, render } from '../sql/sql-files';
import { comparableBody, dropBeforeCreate, statementOf, statementsOf } from '../sql/statements';
import { hasEventPrivilege } from '../state/event-status';
import type { Installation } from '../state/installation';
import type { InstalledEvent } from '../state/installed-event';
import { eventFacts, findEntry } from '../state/migration-log';
import { isDefinerOf } from './definer-difference';
import { currentInterval, type DesiredState } from './desired-state';
import { createRemoval, createStep, type Step, unrecorded } from './step';

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
        ...dropBeforeCreate(desired.capabilities, drop(desired)),
        create,
      ],
      down: [drop(desired)],
    }),
  ];
}

/** Returns what the server has differently from the event's step. */
export function compareEvent(desired: DesiredState, installed: Installation, step: Step): string[] {
  const { event } = installed;
  if (event?.isOwn !== true) {
    return ['missing'];
  }
  const isDefiner = desired.currentDefiner || isDefinerOf(desired, installed, event);
  const comparable = (text: string) => comparableBody(text, desired.capabilities);
  return [
    ...(event.every === desired.every ? [] : ['different interval']),
    ...(comparable(event.body) === comparable(bodyOf(step)) ? [] : ['different body']),
    ...(isDefiner ? [] : [`definer ${formatAccount(event.definer)}`]),
    ...event.otherSettings,
    ...(hasEventPrivilege(desired, installed) ? [] : ['its definer has no EVENT privilege']),
    ...(event.state === 'ENABLED' || isOfSource(installed, event) ? [] : [event.state]),
    ...(findEntry(installed.log, step) ? [] : [unrecorded]),
  ];
}

// A replica leaves the event to the server that it replicates, until it is promoted.
function isOfSource({ isReadOnly }: Installation, { state }: InstalledEvent): boolean {
  return isReadOnly && state !== 'DISABLED';
}

/** Returns the body of the event that a step installs. */
export function bodyOf({ up }: Step): string {
  const create = up.find((statement) => statement.startsWith('CREATE ')) ?? '';
  return create.slice(create.indexOf('\nBEGIN\n') + 1);
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
    createRemoval(event, [drop(config), ...grants, ...revokes, insertRemoval(config, event)]),
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
