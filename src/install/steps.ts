import { type Account, formatAccount, quoteAccount } from './account';
import { attributeRoutines, attributeStep } from './attributes/attribute-steps';
import { eventSteps } from './event';
import { grantStatements, impliedRoles, isRole, type Role, roleExecutes } from './roles';
import { sha256 } from './sha256';
import {
  commentOf,
  forServer,
  readSqlFile,
  readSqlFolder,
  render,
  type SqlFile,
  statementOf,
  statementsOf,
} from './sql-files';
import type { Target } from './target';

/** A role that an account was given. */
export interface RoleGrant {
  readonly role: Role;
  readonly account: Account;
}

/**
 * One thing that is installed, under the name that the migration log has for it. A migration changes the
 * shape of the table and never changes once released; the others are put in place again when their text
 * changes. Each survives being run again.
 */
export interface Step {
  /** A removal is done once, and leaves nothing in the log. */
  readonly kind: 'migration' | 'definer' | 'attribute' | 'routine' | 'event' | 'grants' | 'removal';
  readonly name: string;
  /** For whoever reads the SQL: lines that start with `--`, or nothing. */
  readonly comment: string;
  /** Of the text that `up` puts in place: SHA-256, in hexadecimal. */
  readonly checksum: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
}

/**
 * All that there is to install, in order. That the routines run as whoever installs them is recorded ahead
 * of all else, and forgotten last, so that whoever goes on after a failure goes on in the same way.
 */
export function stepsOf(target: Target, grants: readonly RoleGrant[]): Step[] {
  return [
    ...(target.currentDefiner ? [currentDefinerStep] : []),
    ...migrationSteps(target),
    ...(target.currentDefiner ? [] : [definerStep(target)]),
    ...target.attributes.map((attribute) => attributeStep(target, attribute)),
    ...routineFiles(target).map((file) => routineStep(target, grants, file)),
    ...eventSteps(target),
    ...grants.map((grant) => grantsStep(target, grant)),
  ];
}

/** The number of a migration: 1 of `migrations/0001_create_sessions`. */
export function migrationNumber(step: Step): number {
  return Number.parseInt(step.name.replace('migrations/', ''), 10);
}

/** The default name of a step's routine. */
export function routineOf(step: Step): string {
  return step.name.replace('routines/', '');
}

/** What a routine is called in the database: its default name with the prefix chosen. */
export function prefixed({ names }: Target, routine: string): string {
  return routine.replace(/^sess_/, names.prefix);
}

/** What the routine of a step is called in the database. */
export function routineName(target: Target, step: Step): string {
  return prefixed(target, routineOf(step));
}

/** The grant that a step of this name records, if it is one of the log's names for a grant. */
export function grantOfStepName(name: string): { role: Role; account: string } | undefined {
  const [, roleName, account] = /^grants\/(\w+)\/(.+)$/s.exec(name) ?? [];
  return isRole(roleName) && account !== undefined ? { role: roleName, account } : undefined;
}

function migrationSteps(target: Target): Step[] {
  const files = new Map(readSqlFolder('migrations').map(({ name, text }) => [name, text]));
  return [...files].flatMap(([name, text]): Step[] => {
    if (!name.endsWith('.up')) {
      return [];
    }
    const migration = name.replace(/\.up$/, '');
    return [
      {
        kind: 'migration',
        name: `migrations/${migration}`,
        comment: commentOf(text),
        checksum: sha256(statementsOf(text).join(';')),
        up: statementsOf(render(text, target)),
        down: statementsOf(render(files.get(`${migration}.down`) ?? '', target)),
      },
    ];
  });
}

/** The name of the step that makes the account which the routines run as. */
export const definerStepName = 'grants/definer';

function definerStep(target: Target): Step {
  const { text } = readSqlFile('sql/grants/definer.sql');
  const up = statementsOf(render(text, target));
  return {
    kind: 'definer',
    name: definerStepName,
    comment: commentOf(text),
    checksum: sha256(up.join(';')),
    up,
    down: [`DROP USER IF EXISTS ${quoteAccount(definerOf(target))}`],
  };
}

/** Makes nothing: that the log has it is how the choice is remembered. */
export const currentDefinerStep: Step = {
  kind: 'definer',
  name: 'definer/current',
  comment: '-- The routines run as the account that runs this script: none is made for it.\n',
  checksum: sha256('CURRENT_USER'),
  up: [],
  down: [],
};

interface RoutineFile extends SqlFile {
  /** The attribute that it is about, if it is about one. */
  readonly attribute?: string;
}

function routineFiles(target: Target): RoutineFile[] {
  return [...readSqlFolder('sql/routines'), ...attributeRoutines(target)];
}

// Dropping a routine drops its grants, so they are given again with it, before the next routine's turn, and all
// at once: the fewer the statements, the shorter the moment in which an application can't call it.
function routineStep(
  target: Target,
  grants: readonly RoleGrant[],
  { name, text, attribute }: RoutineFile,
): Step {
  const create = statementOf(render(text, { ...target, attribute }));
  const routine = render(`\`${name}\``, target);
  const drop = `DROP PROCEDURE IF EXISTS ${routine}`;
  const accounts = [
    ...(target.currentDefiner ? [] : [definerOf(target)]),
    ...grants.filter(({ role }) => roleExecutes(role, name)).map(({ account }) => account),
  ];
  const grantees = [...new Set(accounts.map(quoteAccount))];
  return {
    kind: 'routine',
    name: `routines/${name}`,
    comment: commentOf(text),
    checksum: sha256(create),
    up: [
      ...(target.capabilities.replacesRoutines ? [] : [drop]),
      forServer(create, target.capabilities),
      ...(grantees.length > 0 ? [`GRANT EXECUTE ON PROCEDURE ${routine} TO ${grantees.join(', ')}`] : []),
    ],
    down: [drop],
  };
}

// Nothing to take back: the grants go when their routines are dropped.
function grantsStep(target: Target, { role, account }: RoleGrant): Step {
  const own = grantStatements(target, role, account);
  // Of attributes that come later, the rights come with their routines: so no text of this step changes for them.
  const implied = impliedRoles(role, target.attributes).flatMap((other) =>
    grantStatements(target, other, account),
  );
  return {
    kind: 'grants',
    name: `grants/${role}/${formatAccount(account)}`,
    comment: '',
    checksum: sha256(own.join(';')),
    up: [...new Set([...own, ...implied])],
    down: [],
  };
}

/** The account that is made for the routines to run as. */
export function definerOf({ definer }: Target): Account {
  return { user: definer, host: 'localhost' };
}
