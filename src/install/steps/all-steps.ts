import { sha256 } from '../../util/sha256';
import type { InstallConfig } from '../install-config';
import { definerAccount, quoteAccount } from '../sql/account';
import { readSqlFile, readSqlFolder, render } from '../sql/sql-files';
import { statementsOf } from '../sql/statements';
import { currentDefinerFacts, definerAccountFacts } from '../state/migration-log';
import { addAttributeStep } from './attribute-steps';
import type { DesiredState } from './desired-state';
import { createEventSteps } from './event-steps';
import { grantStep } from './grants';
import { routineSteps } from './routine-steps';
import { createStep, type Step } from './step';

/**
 * Returns all steps of an installation, in order. The log records the choice of the definer first
 * and loses it last: a run that continues after a failure makes the same choice.
 */
export function allSteps(desired: DesiredState): Step[] {
  return [
    ...(desired.currentDefiner ? [currentDefinerStep] : []),
    ...migrationSteps(desired),
    ...(desired.currentDefiner ? [] : [definerStep(desired)]),
    ...desired.attributes.map((attribute) => addAttributeStep(desired, attribute)),
    ...routineSteps(desired),
    ...createEventSteps(desired),
    ...desired.grants.map((grant) => grantStep(desired, grant)),
  ];
}

/** A step of a numbered migration. */
export interface MigrationStep extends Step {
  readonly number: number;
}

/** Returns the steps of the numbered migrations, in order. */
export function migrationSteps(config: InstallConfig): MigrationStep[] {
  return readSqlFolder('migrations').flatMap((file): MigrationStep[] => {
    const [, name, digits] = /^((\d+)_\w+)\.up$/.exec(file.name) ?? [];
    if (name === undefined) {
      return [];
    }
    const number = Number(digits);
    const up = render(file, config);
    const down = render(readSqlFile(`migrations/${name}.down`), config);
    const step = createStep(
      { kind: 'migration', name, details: { number } },
      {
        comment: up.comment,
        // Of the file, without the names: a new checksum means that the file changed.
        checksum: sha256(statementsOf(file.body).join(';')),
        up: statementsOf(up.sql),
        down: statementsOf(down.sql),
      },
    );
    return [{ ...step, number }];
  });
}

function definerStep(config: InstallConfig): Step {
  const { comment, sql } = render(readSqlFile('privileges/definer'), config);
  return createStep(definerAccountFacts, {
    comment,
    checksum: sha256(statementsOf(sql).join(';')),
    up: statementsOf(sql),
    down: [`DROP USER IF EXISTS ${quoteAccount(definerAccount(config))}`],
  });
}

// It runs no SQL. Its row in the log is the memory of the choice.
const currentDefinerStep = createStep(currentDefinerFacts, {
  comment: '-- The routines run as the account that runs this script.\n',
  checksum: sha256('CURRENT_USER'),
  up: [],
});
