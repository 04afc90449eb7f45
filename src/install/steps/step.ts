import type { InstallConfig } from '../install-config';
import { insertLogEntry, type StepKind } from '../sql/log-statements';
import { formatKey, type LogFacts } from '../state/migration-log';

/**
 * One unit of an install. A migration changes the table, and never changes once it is released. The
 * other kinds are repeatable: the installer runs them again when their SQL changes, or when the
 * server lost what they installed. Each step may run twice.
 */
export interface Step extends Omit<LogFacts, 'kind'> {
  /** A removal runs once, and deletes its own rows of the log. */
  readonly kind: StepKind | 'removal';
  /** The step for people: `routines/sess_get`. Unique. */
  readonly label: string;
  /** The reasons behind the SQL: lines that start with `--`, or nothing. */
  readonly comment: string;
  /** SHA-256 of the SQL in `up`, in hexadecimal. */
  readonly checksum: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
}

/** The difference of a step whose object is right, and that the log does not have. */
export const unrecorded = 'not in the log';

/** Creates a step that the log records. */
export function createStep(
  facts: LogFacts,
  step: Pick<Step, 'checksum' | 'up'> & Partial<Pick<Step, 'comment' | 'down'>>,
): Step {
  return { comment: '', down: [], label: formatKey(facts), ...facts, ...step };
}

/** Creates a step that removes something, and what the log recorded of it. */
export function createRemoval(
  { kind, name }: Pick<LogFacts, 'kind' | 'name'>,
  up: readonly string[],
): Step {
  const label = `${formatKey({ kind, name })}/removed`;
  return { kind: 'removal', name, details: {}, label, comment: '', checksum: '', up, down: [] };
}

/** Returns the statement that records a step, or none for a removal. */
export function recordStatements(config: InstallConfig, { kind, ...step }: Step): string[] {
  return kind === 'removal' ? [] : [insertLogEntry(config, { kind, ...step })];
}
