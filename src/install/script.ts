import { freshCapabilities } from '../servers';
import { everyOf, parseEvent } from './event';
import { createLogStatement, logStatement } from './log-statements';
import { definerName, type Naming, namesOf, quoteIdentifier } from './names';
import { type Step, stepsOf } from './steps';
import { type InstallOptions, isCurrent, sessionSettings, type Target } from './target';

/**
 * The steps as a script for the `mysql` or `mariadb` client, with the statements that the migrator runs.
 * Empty where there is nothing to do.
 */
export function scriptOf(target: Target, pending: readonly Step[]): string {
  if (pending.length === 0) {
    return '';
  }
  const opening = [`USE ${quoteIdentifier(target.database)}`, ...sessionSettings, createLogStatement(target)];
  const sections = pending.map((step) =>
    [
      `-- ${step.name}\n${step.comment}`.trimEnd(),
      ...[...step.up, ...(step.kind === 'removal' ? [] : [logStatement(target, step)])].map(terminated),
    ].join('\n'),
  );
  return `${[opening.map(terminated).join('\n'), ...sections].join('\n\n')}\n`;
}

/** What is to be known of an installation whose server is not asked. */
export interface FreshOptions extends Naming, Pick<InstallOptions, 'definer' | 'event'> {
  readonly database: string;
}

/** The script of a fresh installation, for which no server is asked. */
export function freshScript({ database, definer, event, ...naming }: FreshOptions): string {
  const names = namesOf(naming);
  const target = {
    database,
    names,
    definer: definerName(database, names),
    currentDefiner: isCurrent(definer),
    capabilities: freshCapabilities,
    every: everyOf(parseEvent(event)),
    attributes: [],
  };
  return scriptOf(target, stepsOf(target, []));
}

function terminated(statement: string): string {
  return statement.includes(';') ? `DELIMITER //\n${statement}//\nDELIMITER ;` : `${statement};`;
}
