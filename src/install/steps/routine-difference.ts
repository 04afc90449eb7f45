import type { InstallConfig } from '../install-config';
import { comparableBody } from '../sql/statements';
import type { InstalledRoutine } from '../state/installed-routine';
import type { Step } from './step';

/**
 * Returns what a routine has differently from its step. What this account may not see counts as
 * equal.
 */
export function compareRoutine(
  { capabilities }: InstallConfig,
  step: Step,
  routine: InstalledRoutine,
): string[] {
  const expected = parseDefinition(step);
  const { body, parameters, security, isDeterministic, access } = routine;
  const comparable = (text: string) => comparableBody(text, capabilities);
  const comparisons: ReadonlyArray<[isEqual: boolean, difference: string]> = [
    [body === undefined || comparable(body) === comparable(expected.body), 'different body'],
    [parameters === undefined || parameters === expected.parameters, 'different parameters'],
    [routine.comment === expected.comment, 'different comment'],
    [security === 'DEFINER', `SQL SECURITY ${security}`],
    [
      isDeterministic === expected.isDeterministic,
      isDeterministic ? 'DETERMINISTIC' : 'NOT DETERMINISTIC',
    ],
    [access === expected.access, access],
  ];
  return [
    ...comparisons.flatMap(([isEqual, difference]) => (isEqual ? [] : [difference])),
    ...routine.otherSettings,
  ];
}

/** The parts of a CREATE PROCEDURE, as information_schema reports them. */
export interface RoutineDefinition {
  readonly parameters: string;
  readonly comment: string;
  readonly isDeterministic: boolean;
  readonly access: string;
  readonly body: string;
}

const createPattern =
  /^CREATE .*?PROCEDURE `(?:[^`]|``)+` \((?<parameters>.*?)\)\nCOMMENT '(?<comment>(?:[^']|'')*)'\nLANGUAGE SQL\n(?<not>NOT )?DETERMINISTIC\n(?<access>.+)\nSQL SECURITY DEFINER\n(?<body>.+)$/s;

/** Parses the CREATE PROCEDURE of a step. All files in sql/routines have this layout. */
export function parseDefinition({ label, up }: Step): RoutineDefinition {
  const create = up.find((statement) => statement.startsWith('CREATE ')) ?? '';
  const { parameters, comment, not, access, body } = createPattern.exec(create)?.groups ?? {};
  if (
    parameters === undefined ||
    comment === undefined ||
    access === undefined ||
    body === undefined
  ) {
    throw new Error(`${label} does not have the layout of a routine file`);
  }
  return {
    parameters,
    comment: comment.replaceAll("''", "'"),
    isDeterministic: not === undefined,
    access,
    body,
  };
}
