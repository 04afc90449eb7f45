import { attributeName } from '../attributes';
import { InstallationError } from '../errors';
import { formatAccount, parseAccount } from './account';
import { type Adoption, type AdoptionOptions, adoptTable } from './adopt/adopt';
import { type Attribute, parseAttribute } from './attributes/attribute';
import * as attributes from './attributes/attributes';
import { type Diagnosis, diagnose, diagnoseAccount } from './doctor/diagnosis';
import { accountExists } from './inspect';
import * as migrator from './migrator';
import { removalOf } from './removal';
import { parseRole, type Role } from './roles';
import { type FreshOptions, freshScript, scriptOf } from './script';
import { type Status, statusOf } from './status';
import { survey } from './survey';
import { type InstallOptions, withTarget } from './target';
import type { Listener } from './umzug';

export type { AttributeRole } from '../attributes';
export type { ConnectionOptions } from '../database';
export { ArgumentError, DatabaseError, InstallationError } from '../errors';
export type { Adoption, AdoptionOptions } from './adopt/adopt';
export type { SourceKind } from './adopt/kinds';
export type { Refusal } from './adopt/refusal';
export type { Attribute } from './attributes/attribute';
export type { Area, Check } from './doctor/check';
export type { Diagnosis } from './doctor/diagnosis';
export type { EventOption } from './event';
export type { EventStatus } from './event-status';
export type { Naming } from './names';
export type { Role } from './roles';
export type { FreshOptions } from './script';
export type { Status, StepStatus } from './status';
export type { InstallOptions } from './target';
export type { Listener, OnStep } from './umzug';

/** What a rollback would take back. */
export interface RollbackPlan {
  /** The number of the migration that would be the last one; 0 where nothing would be left. */
  readonly to: number;
  /** The names of the steps, the one that would be taken back first as the first. */
  readonly steps: readonly string[];
}

/**
 * Installs the table, the routines and the account that they run as, or upgrades what is there: what the
 * command `knex-mysql-session migrate` does. It can be run again after a failure in the middle, and by
 * many processes at once. For development and tests; in production it is a DBA's step.
 *
 * @returns the names of the steps that it took; none where there was nothing to do
 * @throws {ArgumentError} for a wrong option
 * @throws {InstallationError} where it would install over something that is not this package's
 * @throws {DatabaseError} where the server refuses
 */
export function install(options: InstallOptions, listener?: Listener): Promise<string[]> {
  return withTarget(options, (target) => migrator.migrate(target, listener));
}

/** The SQL that {@link install} would run, as a script for the `mysql` or `mariadb` client; empty where there is nothing to do. */
export function plan(options: InstallOptions): Promise<string> {
  return withTarget(options, async (target) => scriptOf(target, (await survey(target)).pending));
}

/** The SQL of a fresh installation in a database of this name, without asking any server. */
export function planFresh(options: FreshOptions): string {
  return freshScript(options);
}

/** What is installed and what is still to do. */
export function status(options: InstallOptions): Promise<Status> {
  return withTarget(options, statusOf);
}

export interface DoctorOptions extends InstallOptions {
  /**
   * The role, or roles, that the connection's account is to have and nothing else: then only that is looked
   * at, with no more rights than it has.
   * @default none: the whole installation is looked at, as a DBA
   */
  readonly as?: Role | readonly Role[] | undefined;
}

/** Holds an installation, or an application's account, against what it should be. Changes nothing. */
export async function doctor({ as = [], ...options }: DoctorOptions): Promise<Diagnosis> {
  const roles = [as].flat().map(parseRole);
  return withTarget(options, (target) =>
    roles.length === 0 ? diagnose(target) : diagnoseAccount(target, roles),
  );
}

/**
 * Gives an account a role, or the right to a routine of an attribute, records it, and so keeps it through upgrades.
 *
 * @param accountName such as `app@'%'`; without a host it is any host. The account must exist.
 */
export async function grant(
  options: InstallOptions,
  accountName: string,
  roleName: Role = 'application',
): Promise<string[]> {
  const account = parseAccount(accountName);
  const role = parseRole(roleName);
  return withTarget(options, async (target) => {
    if (!(await accountExists(target.connection, account))) {
      throw new InstallationError(
        `The server knows no account ${formatAccount(account)}. Create it first:\n` +
          `  CREATE USER ${formatAccount(account)} IDENTIFIED BY 'a password of your own';`,
      );
    }
    return migrator.grantRole(target, { account, role });
  });
}

/**
 * Lets sessions be found and ended by something in them: makes a generated column with an index, and the routines
 * `sess_find_NAME` and `sess_destroy_NAME`, while the table is in use. An operator may execute these; an application
 * after {@link grant} with the roles `find_NAME` and `destroy_NAME`. It can be run again after a failure in the middle.
 *
 * @returns the names of the steps that it took; none where the attribute was there
 * @throws {ArgumentError} for a wrong name, path or type
 * @throws {InstallationError} where another attribute, or a column, has the name, or the table stayed in use
 */
export function addAttribute(
  options: InstallOptions,
  attribute: Attribute,
  listener?: Listener,
): Promise<string[]> {
  return withTarget(options, async (target) =>
    attributes.addAttribute(target, parseAttribute(attribute, target.names), listener),
  );
}

/** The SQL that {@link addAttribute} would run, as a script for the `mysql` or `mariadb` client. */
export function planAttribute(options: InstallOptions, attribute: Attribute): Promise<string> {
  return withTarget(options, async (target) => {
    const found = await attributes.surveyAttribute(target, parseAttribute(attribute, target.names));
    return scriptOf(found.target, found.pending);
  });
}

/** Takes an attribute away, with its routines and the grants on them. No session is changed. */
export function dropAttribute(options: InstallOptions, name: string, listener?: Listener): Promise<string[]> {
  return withTarget(options, (target) =>
    attributes.dropAttribute(target, attributeName('name', name), listener),
  );
}

/** The SQL that {@link dropAttribute} would run, as a script for the `mysql` or `mariadb` client. */
export function planAttributeRemoval(options: InstallOptions, name: string): Promise<string> {
  return withTarget(options, async (target) => {
    const { target: found, removal } = await attributes.surveyRemoval(target, attributeName('name', name));
    return scriptOf(found, [removal]);
  });
}

/** What {@link rollback} would take back. Changes nothing. */
export function planRollback(options: InstallOptions, to?: number): Promise<RollbackPlan> {
  return withTarget(options, async (target) => {
    const removal = await removalOf(target, to);
    return { to: removal.to, steps: removal.steps.map(({ name }) => name).reverse() };
  });
}

/**
 * Takes the table back to the shape that migration number `to` gave it; without `to`, by one migration. Back
 * to 0, everything that was installed is removed, the sessions included.
 *
 * @returns the names of the steps that it took back; none where nothing was installed
 */
export function rollback(options: InstallOptions, to?: number, listener?: Listener): Promise<string[]> {
  return withTarget(options, (target) => migrator.rollback(target, to, listener));
}

/**
 * Takes over the table of another store, of {@link SourceKind}: copies its live
 * sessions, which keep their ids and their time to live, and leaves the table as it is. It can be repeated; a
 * session that lives here already is not overwritten.
 *
 * @param source a table on the same server, `old_sessions` or `shop.old_sessions`
 */
export function adopt(
  options: InstallOptions,
  source: string,
  adoption: AdoptionOptions = {},
): Promise<Adoption> {
  return withTarget(options, (target) => adoptTable(target, source, adoption));
}
