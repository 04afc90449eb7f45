import { type InstallOptions, type Naming, parseDefiner, parseEvent } from '../install-config';
import { definerName, resolveNames } from '../sql/names';
import { freshCapabilities } from '../state/server-capabilities';
import { allSteps } from '../steps/all-steps';
import { type DesiredState, resolveFreshState } from '../steps/desired-state';
import { describeChange, fittingStates, type PlannedChange } from './planned-change';

/**
 * Formats a change as a script for the `mysql` or `mariadb` client. Without steps, the script is
 * empty. It can run again.
 */
export function formatScript({ opening, steps, closing }: PlannedChange): string {
  if (steps.length === 0) {
    return '';
  }
  const sections = steps.map(({ name, comment, statements }) =>
    [
      `-- ${name}`,
      ...(comment === '' ? [] : [comment.replace(/^/gm, '-- ')]),
      formatStatements(statements),
    ].join('\n'),
  );
  const end = closing.length === 0 ? [] : [formatStatements(closing)];
  return `${[formatStatements(opening), ...sections, ...end].join('\n\n')}\n`;
}

/** The options of a script for a new installation, which asks no server. */
export interface FreshOptions extends Naming, Pick<InstallOptions, 'definer' | 'event'> {
  readonly database: string;
}

/** Returns the steps of a new installation, as `planSteps` does, without asking a server. */
export function planFreshSteps(options: FreshOptions): PlannedChange {
  const desired = resolveFresh(options);
  const fitting = fittingStates(desired, undefined);
  return describeChange(desired, allSteps(desired), { fitting });
}

/** Returns what a new installation should have, without asking a server. */
export function resolveFresh({ database, definer, event, ...naming }: FreshOptions): DesiredState {
  const names = resolveNames(naming);
  const config = {
    database,
    names,
    definer: definerName(database, names),
    currentDefiner: parseDefiner(definer),
    capabilities: freshCapabilities,
  };
  return resolveFreshState(config, parseEvent(event));
}

function formatStatements(statements: readonly string[]): string {
  return statements.map(terminate).join('\n');
}

// The client ends a statement at the first semicolon, unless the script sets another delimiter.
function terminate(statement: string): string {
  return statement.includes(';') ? `DELIMITER //\n${statement}//\nDELIMITER ;` : `${statement};`;
}
