import { mayExecute, withPrefix } from '../../contract';
import { quoteIdentifier } from '../../util/identifiers';
import { sha256 } from '../../util/sha256';
import type { InstallConfig } from '../install-config';
import { type Account, definerAccount, quoteAccount } from '../sql/account';
import { runPrepared } from '../sql/conditional';
import {
  type Expression,
  formatList,
  insertLogEntry,
  markUnfinished,
  quoteString,
  unfinished,
} from '../sql/log-statements';
import { readSqlFolder, render } from '../sql/sql-files';
import { dropBeforeCreate, forServer, statementOf } from '../sql/statements';
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
  const isForAnyServer = capabilities.replacesRoutines === undefined;
  const routine = withPrefix(desired.names.prefix, name);
  const { comment, sql } = render(file, desired, { ...values, routine: quoteIdentifier(routine) });
  const create = statementOf(sql);
  const grantees = granteesOf(desired, name, routine);
  const facts = { ...routineFacts(name), details: { created: readCreation(routine) } };
  return createStep(facts, {
    comment: isForAnyServer ? comment + regrantComment : comment,
    checksum: sha256(create),
    up: [
      ...beginStatements(desired, name, grantees),
      ...(isForAnyServer ? [readRegrant(routine)] : []),
      ...dropBeforeCreate(capabilities, dropStatement(routine)),
      forServer(create, capabilities),
      ...(grantees.length > 0
        ? [grantStatement(routine, grantees.map(quoteAccount).join(', '))]
        : []),
      ...(isForAnyServer ? runPrepared : []),
    ],
    down: [dropStatement(routine)],
  });
}

const regrantComment =
  '-- MySQL drops the grants with the routine. The script reads who has them, and gives them back.\n';

/**
 * Returns the statement that reads who may execute a routine, before it is dropped. A plan that no
 * server was asked for does not know them.
 */
function readRegrant(routine: string): string {
  const quoted = (column: string) => `'\`', REPLACE(${column}, '\`', '\`\`'), '\`'`;
  const account = `CONCAT(${quoted('user')}, IF(host = '', '', CONCAT('@', ${quoted('host')})))`;
  return (
    'SET @sess_statement = COALESCE((SELECT CONCAT(\n' +
    `  ${quoteString(grantStatement(routine, ''))},\n  GROUP_CONCAT(${account})\n` +
    ") FROM mysql.procs_priv WHERE db = DATABASE() AND routine_type = 'PROCEDURE'\n" +
    `  AND routine_name = ${quoteString(routine)} AND FIND_IN_SET('Execute', proc_priv)), 'DO 0')`
  );
}

/** Returns the accounts that may execute a routine after its step. */
function granteesOf(desired: DesiredState, name: string, routine: string): Account[] {
  const { currentDefiner, grants, inferredGrants } = desired;
  const rights = [...desired.rights, ...desired.interruptedRights];
  const accounts = [
    ...(currentDefiner ? [] : [definerAccount(desired)]),
    ...rights.map(({ account }) => account).filter((account) => mayCall(rights, account, routine)),
    ...[...grants.filter(({ revoked }) => !revoked.includes(routine)), ...inferredGrants]
      .filter(({ role }) => mayExecute(role, name))
      .map(({ account }) => account),
  ];
  return [...new Map(accounts.map((account) => [quoteAccount(account), account])).values()];
}

// If the installer dies before the GRANT, the next run knows who had the right to the old routine.
// A new routine without a grant looks like one whose grants a restore lost.
function beginStatements(
  desired: DesiredState,
  name: string,
  accounts: readonly Account[],
): string[] {
  const { replacesRoutines } = desired.capabilities;
  const facts = routineFacts(name);
  // A plan that no server was asked for does not know the accounts.
  if (replacesRoutines === undefined) return [markUnfinished(desired, facts)];
  if (replacesRoutines && !hasAccounts(desired)) return [];
  const grantees = formatList(accounts.map(({ user, host }) => ({ user, host })));
  return [insertLogEntry(desired, { ...facts, details: { grantees }, checksum: unfinished })];
}

/** Returns whether accounts may execute a routine, or a DBA revoked it from them. */
function hasAccounts({ rights, grants, interruptedRights }: DesiredState): boolean {
  return rights.length + grants.length + interruptedRights.length > 0;
}

function readCreation(routine: string): Expression {
  return {
    sql:
      `SELECT ${creationTime} FROM information_schema.routines WHERE routine_schema = DATABASE() ` +
      `AND routine_type = 'PROCEDURE' AND routine_name = ${quoteString(routine)}`,
  };
}

function grantStatement(routine: string, grantees: string): string {
  return `GRANT EXECUTE ON PROCEDURE ${quoteIdentifier(routine)} TO ${grantees}`;
}

function dropStatement(routine: string): string {
  return `DROP PROCEDURE IF EXISTS ${quoteIdentifier(routine)}`;
}
