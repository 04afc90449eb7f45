import { ArgumentError, describe } from '../errors';
import type { Installed } from './inspect';
import { quoteIdentifier } from './names';
import { sha256 } from './sha256';
import { commentOf, readSqlFile, render, statementOf, statementsOf } from './sql-files';
import type { Step } from './steps';
import type { ConnectedTarget, Target } from './target';

/**
 * Whether an event of the database deletes the expired sessions: true, or how many seconds lie between two
 * runs; false takes it away.
 */
export type EventOption = boolean | { readonly every?: number | undefined };

/** The option, checked: false for no event, else its interval where one was given. */
export type EventChoice = false | { readonly every: number | undefined };

const defaultEvery = 60;
const mostEvery = 86_400;
const stepFolder = 'events/sess_gc/';

/** The interval is part of the name, so that the log keeps it even where the event itself was lost. */
function eventStepName(every: number | undefined): string {
  return `${stepFolder}${every}`;
}

/** Undefined leaves the event as it is, or as it is not. */
export function parseEvent(event: unknown): EventChoice | undefined {
  if (event === undefined || event === false) {
    return event;
  }
  if (event === true) {
    return { every: undefined };
  }
  if (typeof event !== 'object' || event === null) {
    throw new ArgumentError('event', 'true, false, or settings such as { every: 60 }', describe(event));
  }
  const every: unknown = Reflect.get(event, 'every');
  return { every: every === undefined ? undefined : parseEvery(every) };
}

function parseEvery(every: unknown): number {
  if (typeof every !== 'number' || !Number.isInteger(every) || every < 1 || every > mostEvery) {
    throw new ArgumentError('every', `a whole number of seconds, 1 to ${mostEvery}`, describe(every));
  }
  return every;
}

/** How many seconds lie between two runs, or undefined where there is to be no event. */
export function everyOf(
  choice: EventChoice | undefined,
  installed: Pick<Installed, 'event' | 'log'> = { event: undefined, log: undefined },
): number | undefined {
  switch (choice) {
    case false:
      return undefined;
    case undefined:
      return keptEvery(installed);
    default:
      return choice.every ?? keptEvery(installed) ?? defaultEvery;
  }
}

// An event that is there and not in the log is one whose installation ended in the middle.
function keptEvery({ event, log }: Pick<Installed, 'event' | 'log'>): number | undefined {
  const logged = [...(log?.keys() ?? [])].find((name) => name.startsWith(stepFolder));
  if (logged !== undefined) {
    return Number(logged.slice(stepFolder.length));
  }
  return event?.own ? (event.every ?? defaultEvery) : undefined;
}

/** Whether the event of this step is there as the step makes it. */
export function isInstalled(step: Step, { event }: Installed): boolean {
  return event?.own === true && event.permitted && step.name === eventStepName(event.every);
}

/** The step that installs the event, where there is to be one. */
export function eventSteps(target: Target): Step[] {
  const { every } = target;
  if (every === undefined) {
    return [];
  }
  const { text } = readSqlFile('sql/events/sess_gc.sql');
  const create = statementOf(render(text.replaceAll('60 SECOND', `${every} SECOND`), target));
  const name = eventStepName(every);
  return [
    {
      kind: 'event',
      name,
      comment: commentOf(text),
      checksum: sha256(create),
      up: [
        ...rights(target),
        // In a zone with summer time, the hour that comes twice would hold the event up.
        "SET SESSION time_zone = '+00:00'",
        ...(target.capabilities.replacesRoutines ? [] : [drop(target)]),
        create,
        `${forget(target)} AND \`name\` <> '${name}'`,
      ],
      down: [drop(target)],
    },
  ];
}

/** The step that takes the event away, where it is to go and there is one. */
export function eventRemoval(target: ConnectedTarget, installed: Installed): Step[] {
  if (target.event !== false || keptEvery(installed) === undefined) {
    return [];
  }
  // Given once more, so that what is then taken back is there, however often this is run.
  const taken = rights(target).map((right) => right.replace(/^GRANT/, 'REVOKE').replace(' TO ', ' FROM '));
  return [
    {
      kind: 'removal',
      name: `${stepFolder}removed`,
      comment: '',
      checksum: '',
      up: [drop(target), ...rights(target), ...taken, forget(target)],
      down: [],
    },
  ];
}

// Whoever installs and so becomes the definer has the right already, or could not make an event.
function rights(target: Target): string[] {
  if (target.currentDefiner) {
    return [];
  }
  const schema = target.capabilities.databasesAreLiteral
    ? target.database
    : target.database.replace(/[\\_%]/g, '\\$&');
  return statementsOf(render(readSqlFile('sql/grants/event.sql').text, { ...target, schema }));
}

function drop(target: Target): string {
  return `DROP EVENT IF EXISTS ${render('`sess_gc`', target)}`;
}

function forget({ names }: Target): string {
  return `DELETE FROM ${quoteIdentifier(names.migrationLog)} WHERE LEFT(\`name\`, ${stepFolder.length}) = '${stepFolder}'`;
}
