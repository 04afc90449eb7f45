import {
  type InstallConfig,
  type InstallOptions,
  type Naming,
  parseDefiner,
  parseEvent,
} from '../install-config';
import {
  createLogStatements,
  insertRemoval,
  markUnfinished,
  startClock,
} from '../sql/log-statements';
import { definerName, quoteIdentifier, resolveNames } from '../sql/names';
import { freshCapabilities } from '../state/server-capabilities';
import { allSteps } from '../steps/all-steps';
import { resolveFreshState } from '../steps/desired-state';
import type { RollbackSteps } from '../steps/rollback-steps';
import { recordStatements, type Step } from '../steps/step';
import { sessionSettings } from './connect';

/**
 * Formats steps as a script for the `mysql` or `mariadb` client, with the statements that `migrate`
 * runs. Without steps, the script is empty.
 */
export function formatScript(config: InstallConfig, steps: readonly Step[]): string {
  if (steps.length === 0) {
    return '';
  }
  const opening = [
    `USE ${quoteIdentifier(config.database)}`,
    ...sessionSettings,
    ...createLogStatements(config),
  ];
  const sections = steps.map((step) =>
    [
      `-- ${step.label}\n${step.comment}`.trimEnd(),
      ...[startClock, ...step.up, ...recordStatements(config, step)].map(terminate),
    ].join('\n'),
  );
  return `${[opening.map(terminate).join('\n'), ...sections].join('\n\n')}\n`;
}

/** Formats the script that reverts steps, the last one first. It can run again. */
export function formatRollbackScript(config: InstallConfig, { to, steps }: RollbackSteps): string {
  const reverted = steps.toReversed().map(
    (step): Step => ({
      ...step,
      comment: '',
      kind: 'removal',
      up: [
        ...(step.kind === 'migration' ? [markUnfinished(config, step)] : []),
        ...step.down,
        insertRemoval(config, step),
      ],
    }),
  );
  const dropLog = `DROP TABLE ${quoteIdentifier(config.names.migrationLog)};\n`;
  const isRemoval = to === 0 && steps.length > 0;
  return formatScript(config, reverted) + (isRemoval ? `\n${dropLog}` : '');
}

/** The options of a script for a new installation, which asks no server. */
export interface FreshOptions extends Naming, Pick<InstallOptions, 'definer' | 'event'> {
  readonly database: string;
}

/** Formats the script of a new installation without asking a server. */
export function formatFreshScript({ database, definer, event, ...naming }: FreshOptions): string {
  const names = resolveNames(naming);
  const config = {
    database,
    names,
    definer: definerName(database, names),
    currentDefiner: parseDefiner(definer),
    capabilities: freshCapabilities,
  };
  return formatScript(config, allSteps(resolveFreshState(config, parseEvent(event))));
}

// The client ends a statement at the first semicolon, unless the script sets another delimiter.
function terminate(statement: string): string {
  return statement.includes(';') ? `DELIMITER //\n${statement}//\nDELIMITER ;` : `${statement};`;
}
