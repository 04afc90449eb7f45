import { mayExecute, withPrefix } from '../../contract';
import { sha256 } from '../../util/sha256';
import type { InstallConfig } from '../install-config';
import { definerAccount, quoteAccount } from '../sql/account';
import { quoteIdentifier } from '../sql/names';
import { readSqlFolder, render } from '../sql/sql-files';
import { forServer, statementOf } from '../sql/statements';
import { routineFacts } from '../state/migration-log';
import { attributeRoutines, type RoutineSource } from './attribute-steps';
import type { DesiredState } from './desired-state';
import { createStep, type Step } from './step';

/** Returns a step for each routine, those of the attributes last. */
export function routineSteps(desired: DesiredState): Step[] {
  const own = readSqlFolder('routines').map(
    (file): RoutineSource => ({ name: file.name, file, values: {} }),
  );
  return [...own, ...attributeRoutines(desired)].map((source) => routineStep(desired, source));
}

/** Returns the name that the routine of a step has in the database. */
export function routineName({ names }: InstallConfig, { name }: Pick<Step, 'name'>): string {
  return withPrefix(names.prefix, name);
}

/**
 * Returns the step that drops a routine of the database, even one that this release does not know.
 */
export function dropRoutineStep({ names }: InstallConfig, routine: string): Step {
  const facts = routineFacts(`sess_${routine.slice(names.prefix.length)}`);
  return createStep(facts, { checksum: '', up: [], down: [dropStatement(routine)] });
}

// A dropped routine loses its grants. Grant them again at once, before the next routine: an
// application can't call it in between. One statement keeps that time short.
function routineStep(desired: DesiredState, { name, file, values }: RoutineSource): Step {
  const { capabilities, currentDefiner, grants } = desired;
  const routine = withPrefix(desired.names.prefix, name);
  const { comment, sql } = render(file, desired, { ...values, routine: quoteIdentifier(routine) });
  const create = statementOf(sql);
  const accounts = [
    ...(currentDefiner ? [] : [definerAccount(desired)]),
    ...grants.filter(({ role }) => mayExecute(role, name)).map(({ account }) => account),
  ];
  const grantees = [...new Set(accounts.map(quoteAccount))];
  return createStep(routineFacts(name), {
    comment,
    checksum: sha256(create),
    up: [
      ...(capabilities.replacesRoutines ? [] : [dropStatement(routine)]),
      forServer(create, capabilities),
      ...(grantees.length > 0
        ? [`GRANT EXECUTE ON PROCEDURE ${quoteIdentifier(routine)} TO ${grantees.join(', ')}`]
        : []),
    ],
    down: [dropStatement(routine)],
  });
}

function dropStatement(routine: string): string {
  return `DROP PROCEDURE IF EXISTS ${quoteIdentifier(routine)}`;
}
