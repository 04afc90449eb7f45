import type { Installed } from '../inspect';
import { ownRoutines } from '../preflight';
import { routineName, type Step } from '../steps';
import type { ConnectedTarget } from '../target';

/** What the checks of a diagnosis are about. */
export type Area =
  | 'table'
  | 'attributes'
  | 'routines'
  | 'definer'
  | 'grants'
  | 'log'
  | 'cleanup'
  | 'event'
  | 'clock'
  | 'account';

/** One thing that was looked at. */
export interface Check {
  readonly area: Area;
  /** Such as `index sessions_expired_idx`. */
  readonly subject: string;
  /** `note`: worth knowing, and nothing is wrong. `unknown`: the account may not look. */
  readonly state: 'ok' | 'note' | 'finding' | 'unknown';
  readonly expected: string;
  readonly found: string;
  /** What mends it, in order: statements of SQL, each with its semicolon, and commands of this package. */
  readonly remedy: readonly string[];
}

/** A check before it is known what area it belongs to. */
export type Observation = Omit<Check, 'area'>;

/** An installation as it was found, and all that there should be. */
export interface Patient {
  readonly target: ConnectedTarget;
  readonly installed: Installed;
  readonly steps: readonly Step[];
}

/** The routines of the installation that are there, whatever their manuals say. */
export function routinesOf({ target, installed, steps }: Patient): string[] {
  const own = ownRoutines(target, installed);
  const known = steps.filter(({ kind }) => kind === 'routine').map((step) => routineName(target, step));
  return [...installed.routines.keys()].filter((name) => own.includes(name) || known.includes(name));
}

/** A finding where what was found is not what was expected. */
export function compare(
  subject: string,
  expected: string,
  found: string | undefined,
  ...remedy: readonly string[]
): Observation {
  const agrees = found === expected;
  return {
    subject,
    state: agrees ? 'ok' : 'finding',
    expected,
    found: found ?? 'nothing',
    remedy: agrees ? [] : remedy,
  };
}

export function note(subject: string, expected: string, found: string, ...remedy: string[]): Observation {
  return { subject, state: 'note', expected, found, remedy };
}
