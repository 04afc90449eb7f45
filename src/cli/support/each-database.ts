import { ArgumentError } from '../../errors';
import type { PlannedChange } from '../../install';
import type { DatabasesFlags } from './command-options';
import { exitCodes, PromptInterruptedError, redact } from './errors';
import { pluralize, printMessage, printResult, printText, style, styleMessage } from './output';
import { formatPlan } from './plan-format';
import { processContext } from './process-context';
import { resolveTargets, type Target } from './target';

/** What a command does in a database, and how it reports that. */
export interface DatabaseTask<T> {
  /** @param target the database, if the flags name several */
  readonly run: (target?: Target) => Promise<T>;
  /** Prints the result for the only database. */
  readonly print: (result: T) => void;
  /** Describes the result in a line. An empty line is not printed. */
  readonly summarize: (result: T) => string;
  /** Returns what --json shows of a result, if that is not the result. */
  readonly toJson?: (result: T) => unknown;
  /** Returns the exit code for a result, if it is not always 0. */
  readonly exitCodeOf?: (result: T) => number;
}

type Outcome<T> =
  | { readonly database: string; readonly result: T }
  | { readonly database: string; readonly error: string };

/**
 * Runs a task in the database of the flags, or in each of --databases. A failure in one does not
 * stop the others.
 */
export async function runInDatabases<T>(
  flags: DatabasesFlags,
  task: DatabaseTask<T>,
): Promise<void> {
  const { exitCodeOf = () => exitCodes.done, toJson = (result) => result } = task;
  if (flags.databases === undefined) {
    const result = await task.run();
    task.print(result);
    processContext().exitCode = exitCodeOf(result);
    return;
  }
  const targets = await resolveTargets(flags, flags.databases);
  const width = Math.max(...targets.map(({ database }) => database.length));
  const outcomes: Array<Outcome<T>> = [];
  let hasLines = false;
  for await (const outcome of visit(targets, task.run)) {
    outcomes.push(outcome);
    const text = 'error' in outcome ? formatFailure(outcome) : task.summarize(outcome.result);
    if (!flags.json && text !== '') {
      printText(`${outcome.database.padEnd(width)}  ${text}\n`);
      hasLines = true;
    }
  }
  const codes = outcomes.map((outcome) =>
    'error' in outcome ? exitCodes.failed : exitCodeOf(outcome.result),
  );
  if (flags.json) {
    const documents = outcomes.map((outcome) =>
      'error' in outcome ? outcome : { ...outcome, result: toJson(outcome.result) },
    );
    printResult(flags, documents, String);
  } else if (hasLines) {
    printMessage(formatTotal(codes));
  }
  processContext().exitCode = worstOf(codes);
}

/** Prints a plan for the database of the flags, or for each of --databases. */
export async function printPlans(
  flags: DatabasesFlags,
  plan: (target?: Target) => Promise<PlannedChange>,
): Promise<void> {
  const format = flags.json ? 'json' : 'sql';
  if (flags.databases === undefined) {
    printText(formatPlan(await plan(), format));
    return;
  }
  const outcomes: Array<Outcome<PlannedChange>> = [];
  for await (const outcome of visit(await resolveTargets(flags, flags.databases), plan)) {
    outcomes.push(outcome);
    if ('error' in outcome) {
      printMessage(`${styleMessage('red', 'error:')} ${outcome.database}: ${outcome.error}`);
      processContext().exitCode = exitCodes.failed;
    } else if (!flags.json) {
      printText(formatPlan(outcome.result, format));
    }
  }
  if (flags.json) printResult(flags, outcomes, String);
}

async function* visit<T>(
  targets: readonly Target[],
  run: (target: Target) => Promise<T>,
): AsyncGenerator<Outcome<T>> {
  for (const target of targets) {
    const { database } = target;
    try {
      yield { database, result: await run(target) };
    } catch (error) {
      // Wrong usage is wrong in each database.
      if (
        error instanceof ArgumentError ||
        error instanceof PromptInterruptedError ||
        !(error instanceof Error)
      ) {
        throw error;
      }
      yield { database, error: redact(error.message) };
    }
  }
}

function formatFailure({ error }: { readonly error: string }): string {
  return `${style('red', 'failed:')} ${error}`;
}

function formatTotal(codes: readonly number[]): string {
  const count = (code: number) => codes.filter((one) => one === code).length;
  const [failed, findings] = [count(exitCodes.failed), count(exitCodes.findings)];
  const parts = [
    `${codes.length - failed - findings} in order`,
    ...(findings > 0 ? [`${findings} to look at`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  return `${pluralize(codes.length, 'database')}: ${parts.join(', ')}.`;
}

function worstOf(codes: readonly number[]): number {
  return codes.includes(exitCodes.failed) ? exitCodes.failed : Math.max(...codes);
}
