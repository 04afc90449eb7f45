import { mayExecute, withPrefix } from '../../contract';
import { sha256 } from '../../util/sha256';
import type { InstallConfig } from '../install-config';
import { definerAccount, quoteAccount } from '../sql/account';
import { type Expression, markUnfinished, quoteString } from '../sql/log-statements';
import { quoteIdentifier } from '../sql/names';
import { readSqlFolder, render } from '../sql/sql-files';
import { forServer, statementOf } from '../sql/statements';
import { creationTime } from '../state/installed-routine';
import { routineFacts } from '../state/migration-log';
import { mayCall } from '../state/routine-rights';
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
function routineStep(desired: DesiredState, source: RoutineSource): Step {
  const { name, file, values } = source;
  const { capabilities } = desired;
  const routine = withPrefix(desired.names.prefix, name);
  const { comment, sql } = render(file, desired, { ...values, routine: quoteIdentifier(routine) });
  const create = statementOf(sql);
  const grantees = granteesOf(desired, name, routine);
  const facts = { ...routineFacts(name), details: { created: readCreation(routine) } };
  return createStep(facts, {
    comment,
    checksum: sha256(create),
    up: [
      // If the installer dies before the GRANT, the next run knows that the grants were lost.
      ...(capabilities.replacesRoutines
        ? []
        : [markUnfinished(desired, facts), dropStatement(routine)]),
      forServer(create, capabilities),
      ...(grantees.length > 0
        ? [`GRANT EXECUTE ON PROCEDURE ${quoteIdentifier(routine)} TO ${grantees.join(', ')}`]
        : []),
    ],
    down: [dropStatement(routine)],
  });
}

/** Returns the accounts that may execute a routine after its step, quoted. */
function granteesOf(desired: DesiredState, name: string, routine: string): string[] {
  const { currentDefiner, rights, grants, inferredGrants } = desired;
  const accounts = [
    ...(currentDefiner ? [] : [definerAccount(desired)]),
    ...rights.map(({ account }) => account).filter((account) => mayCall(rights, account, routine)),
    ...[...grants.filter(({ revoked }) => !revoked.includes(routine)), ...inferredGrants]
      .filter(({ role }) => mayExecute(role, name))
      .map(({ account }) => account),
  ];
  return [...new Set(accounts.map(quoteAccount))];
}

function readCreation(routine: string): Expression {
  return {
    sql:
      `SELECT ${creationTime} FROM information_schema.routines WHERE routine_schema = DATABASE() ` +
      `AND routine_type = 'PROCEDURE' AND routine_name = ${quoteString(routine)}`,
  };
}

function dropStatement(routine: string): string {
  return `DROP PROCEDURE IF EXISTS ${quoteIdentifier(routine)}`;
}
