import { quoteIdentifier } from '../../util/identifiers';
import { formatAccount } from '../sql/account';
import { unfinished } from '../sql/log-statements';
import { findOwnRoutine, type Installation } from '../state/installation';
import { findCopiedFrom } from '../state/installation-record';
import { findEntry, grantFacts, recordedCreation } from '../state/migration-log';
import { compareDefiner, isDefinerOf } from './definer-difference';
import type { DesiredState } from './desired-state';
import { compareEvent } from './event-steps';
import { compareRoutine } from './routine-difference';
import { routineName } from './routine-steps';
import { type Step, unrecorded } from './step';
import { findDifferentParts } from './table-steps';

/** Returns what the server has differently from each step, by the label of the step. */
export function compareSteps(
  desired: DesiredState,
  installed: Installation,
  steps: readonly Step[],
): Map<string, string[]> {
  return new Map(steps.map((step) => [step.label, compareStep(desired, installed, step)]));
}

/**
 * Returns what the server has differently from a step, for people; empty if the step need not run.
 * It looks at the server, not at the log: a log that says "applied" is no proof.
 */
function compareStep(desired: DesiredState, installed: Installation, step: Step): string[] {
  switch (step.kind) {
    case 'installation':
      return findEntry(installed.log, step)?.checksum === step.checksum
        ? []
        : [describeChoices(desired, installed)];
    case 'migration':
      return compareMigration(installed, step);
    case 'definer':
      return [
        ...compareDefiner(desired, installed),
        ...(findEntry(installed.log, step) ? [] : [unrecorded]),
      ];
    case 'table':
      return desired.table
        ? findDifferentParts(desired, desired.table).map(
            ({ subject, found }) => `${subject}: ${found ?? 'missing'}`,
          )
        : [];
    case 'attribute':
      return compareAttribute(desired, step);
    case 'routine':
      return compareRoutineStep(desired, installed, step);
    case 'event':
      return compareEvent(desired, installed, step);
    case 'grant':
      return compareGrant(desired, step);
    case 'removal':
      return ['to be removed'];
  }
}

function describeChoices(desired: DesiredState, { log }: Installation): string {
  const source = findCopiedFrom(desired, log);
  return source === undefined ? 'other choices' : `a copy of ${quoteIdentifier(source)}`;
}

function compareMigration({ log, table }: Installation, step: Step): string[] {
  const entry = findEntry(log, step);
  if (table === undefined) {
    return ['missing'];
  }
  if (entry === undefined) {
    return [unrecorded];
  }
  return entry.checksum === unfinished ? ['unfinished'] : [];
}

function compareAttribute({ attributes }: DesiredState, step: Step): string[] {
  const attribute = attributes.find(({ name }) => name === step.name);
  if (attribute === undefined || (!attribute.hasColumn && attribute.checksum === undefined)) {
    return ['missing'];
  }
  return [
    ...(attribute.hasColumn ? [] : ['no column']),
    ...(attribute.hasIndex ? [] : ['no index']),
    ...(attribute.isDifferent ? ['different column or index'] : []),
    ...(attribute.checksum === step.checksum ? [] : ['unfinished, or of another release']),
  ];
}

function compareRoutineStep(desired: DesiredState, installed: Installation, step: Step): string[] {
  const routine = findOwnRoutine(installed, routineName(desired, step));
  if (routine === undefined) {
    return ['missing'];
  }
  if (!isDefinerOf(desired, installed, routine)) {
    return [`definer ${formatAccount(routine.definer)}`];
  }
  const differences = compareRoutine(desired, step, routine);
  const entry = findEntry(installed.log, step);
  if (entry?.checksum === unfinished) {
    return [...differences, 'unfinished'];
  }
  const isRecorded =
    recordedCreation(installed.log, step.name) === routine.created &&
    entry?.checksum === step.checksum;
  return [...differences, ...(isRecorded ? [] : [unrecorded])];
}

function compareGrant({ grants }: DesiredState, step: Step): string[] {
  const grant = grants.find((one) => grantFacts(one).name === step.name);
  return grant?.lost.map((routine) => `no EXECUTE on ${routine}`) ?? [];
}
