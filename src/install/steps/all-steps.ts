import { sha256 } from '../../util/sha256';
import type { InstallConfig } from '../install-config';
import { readSqlFile, readSqlFolder, render } from '../sql/sql-files';
import { statementsOf } from '../sql/statements';
import { recordFacts } from '../state/installation-record';
import { addAttributeStep } from './attribute-steps';
import { definerStep } from './definer-step';
import type { DesiredState } from './desired-state';
import { createEventSteps } from './event-steps';
import { regrantStep } from './grants';
import { routineSteps } from './routine-steps';
import { createStep, type Step } from './step';
import { tableSteps } from './table-steps';

/**
 * Returns all steps of an installation, in order. The log records the choices first and loses them
 * last: a run that continues after a failure makes the same choices.
 */
export function allSteps(desired: DesiredState): Step[] {
  return [
    installationStep(desired),
    ...migrationSteps(desired),
    ...tableSteps(desired),
    ...(desired.currentDefiner ? [] : [definerStep(desired)]),
    ...desired.attributes.map((attribute) => addAttributeStep(desired, attribute)),
    ...routineSteps(desired),
    ...createEventSteps(desired),
    ...desired.grants.map(regrantStep),
  ];
}

/** Records the choices. It installs nothing. */
export function installationStep(desired: DesiredState): Step {
  const facts = recordFacts(desired, desired.every, desired.attributes);
  const comment = desired.currentDefiner
    ? '-- The routines run as the account that runs this script.\n'
    : '';
  return createStep(facts, { comment, checksum: sha256(JSON.stringify(facts)), up: [] });
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
