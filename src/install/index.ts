/**
 * The installer, for programs.
 *
 * @module knex-mysql-session/install
 */

import type { Role } from '../contract';
import { parseAttributeName } from '../options/attributes';
import { type Adoption, type AdoptionOptions, adoptTable } from './adopt/adopt';
import { type Attribute, parseAttribute } from './attributes/attribute';
import { type Diagnosis, diagnose, diagnoseAccount } from './doctor/diagnosis';
import type { InstallOptions } from './install-config';
import * as attributes from './run/attributes';
import { withConfig } from './run/connect';
import * as migrator from './run/migrator';
import { type Change, plannerOf } from './run/plan-change';
import type { PlannedChange } from './run/planned-change';
import { type FreshOptions, formatScript, planFreshSteps, resolveFresh } from './run/script';
import { readStatus, type Status } from './run/status';
import type { ProgressListener } from './run/umzug';
import { parseAccount } from './sql/account';
import { parseRole } from './steps/roles';
import { planRollbackSteps } from './steps/rollback-steps';
import { formatVerifyScript, printInstalled } from './verify/verify-script';

export type { AttributeRole, Role } from '../contract';
export type { ConnectionOptions } from '../database/connection-options';
export { ArgumentError, DatabaseError, InstallationError } from '../errors';
export type { Adoption, AdoptionOptions } from './adopt/adopt';
export type { Refusal } from './adopt/refusal';
export type { SourceKind } from './adopt/source-kind';
export type { Attribute } from './attributes/attribute';
export type { Area, Check } from './doctor/check-result';
export type { Diagnosis } from './doctor/diagnosis';
export type { EventOption, InstallOptions, Naming } from './install-config';
export type { Change } from './run/plan-change';
export type { PlannedChange, PlannedStep } from './run/planned-change';
export { type FreshOptions, formatScript, planFreshSteps } from './run/script';
export type { Status, StepStatus } from './run/status';
export type { OnStep, ProgressListener } from './run/umzug';
export type { EventStatus } from './state/event-status';

/** The steps that a rollback would revert. */
export interface RollbackPlan {
  /** The number of the migration that would be the last one; 0 if everything would be removed. */
  readonly to: number;
  /** The names of the steps. The rollback would begin with the first one. */
  readonly steps: readonly string[];
  /** The table of the sessions. */
  readonly table: string;
}

/**
 * Installs or upgrades table, routines and definer, as `knex-mysql-session migrate` does. Use it in
 * development and tests. In production, a DBA installs. Several processes may call it at once.
 * After a failure, call it again: it continues.
 *
 * @returns the names of the steps that ran; empty if the installation was up to date
 * @throws {ArgumentError} if an option is wrong
 * @throws {InstallationError} if objects of others have the names
 * @throws {DatabaseError} if the server refuses a statement
 */
export function install(options: InstallOptions, listener?: ProgressListener): Promise<string[]> {
  return withConfig(options, (config) => migrator.migrate(config, listener));
}

/**
 * Returns the SQL that {@link install} would run, as a script for the `mysql` or `mariadb` client.
 * The script is empty if the installation is up to date.
 */
export function plan(options: InstallOptions): Promise<string> {
  return planScript(options, { action: 'install' });
}

/**
 * Returns what a change would do, step by step: the statements of {@link plan} and of the other
 * plans, for programs.
 *
 * @param change by default what {@link install} would do
 */
export async function planSteps(
  options: InstallOptions,
  change: Change = { action: 'install' },
): Promise<PlannedChange> {
  return withConfig(options, plannerOf(change));
}

/** Returns the SQL of a new installation in a database of this name, without asking a server. */
export function planFresh(options: FreshOptions): string {
  return formatScript(planFreshSteps(options));
}

/** Returns what is installed, and which steps are pending. Changes nothing. */
export function status(options: InstallOptions): Promise<Status> {
  return withConfig(options, readStatus);
}

/**
 * Returns a script for the `mysql` or `mariadb` client that checks the installation, and changes
 * nothing. It prints a row for each finding. Without a row, all is well.
 */
export function verify(options: InstallOptions): Promise<string> {
  return withConfig(options, printInstalled);
}

/** Returns the script of {@link verify} for a new installation, without asking a server. */
export function verifyFresh(options: FreshOptions): string {
  return formatVerifyScript(resolveFresh(options));
}

export interface DoctorOptions extends InstallOptions {
  /**
   * The roles that the connection's account should have. `doctor` then checks only this account,
   * with no other privileges than it has.
   * @default none: it checks the whole installation, as a DBA
   */
  readonly as?: Role | readonly Role[] | undefined;
  /**
   * Accounts that may reach the sessions without a role, such as that of a backup. Their rights are
   * notes and no findings.
   */
  readonly trust?: string | readonly string[] | undefined;
}

/** Checks an installation, or the account of an application. Changes nothing. */
export async function doctor({
  as = [],
  trust = [],
  ...options
}: DoctorOptions): Promise<Diagnosis> {
  const roles = [as].flat().map(parseRole);
  const trusted = [trust].flat().map(parseAccount);
  return withConfig(options, (config) =>
    roles.length === 0 ? diagnose(config, trusted) : diagnoseAccount(config, roles),
  );
}

/**
 * Grants a role to an account, and records it. Upgrades keep it.
 *
 * @param accountName such as `app@'%'`; without a host, it is any host. The account or
 * server role must exist.
 * @returns the name of the step that ran
 * @throws {InstallationError} if the account or the attribute does not exist, the account is an
 * administrator's, or a step is pending
 */
export async function grant(
  options: InstallOptions,
  accountName: string,
  roleName: Role = 'application',
): Promise<string[]> {
  const account = parseAccount(accountName);
  const role = parseRole(roleName);
  return withConfig(options, (config) => migrator.grantRole(config, account, role));
}

/** Returns the SQL that {@link grant} would run, as a script for the client of the server. */
export function planGrant(
  options: InstallOptions,
  accountName: string,
  roleName: Role = 'application',
): Promise<string> {
  return planScript(options, { action: 'grant', account: accountName, role: roleName });
}

/**
 * Revokes a role from an account, or every right on the routines, and removes it from the record.
 * What another role of the account includes stays. The account may be gone.
 *
 * @param roleName by default all roles, and what a DBA granted on the routines
 * @returns the name of the step that ran; empty if there was nothing to revoke
 */
export async function revoke(
  options: InstallOptions,
  accountName: string,
  roleName?: Role,
): Promise<string[]> {
  const account = parseAccount(accountName);
  const role = roleName === undefined ? undefined : parseRole(roleName);
  return withConfig(options, (config) => migrator.revokeRole(config, account, role));
}

/** Returns the SQL that {@link revoke} would run, as a script for the client of the server. */
export function planRevoke(
  options: InstallOptions,
  accountName: string,
  roleName?: Role,
): Promise<string> {
  return planScript(options, { action: 'revoke', account: accountName, role: roleName });
}

/**
 * Adds an attribute: an indexed value in the session data. Creates a generated column with an
 * index, and the routines `sess_find_NAME`, `sess_count_NAME`, `sess_limit_NAME` and
 * `sess_destroy_NAME`, while the table is in use. An operator may execute them. An application
 * needs a role for each, such as `find_NAME`. After a failure, call it again: it continues.
 *
 * @returns the names of the steps that ran; empty if the attribute existed
 * @throws {ArgumentError} if name, path or type is wrong
 * @throws {InstallationError} if the name is in use, or a long transaction used the table for too
 * long
 */
export function addAttribute(
  options: InstallOptions,
  attribute: Attribute,
  listener?: ProgressListener,
): Promise<string[]> {
  return withConfig(options, async (config) =>
    attributes.addAttribute(config, parseAttribute(attribute, config.names), listener),
  );
}

/**
 * Returns the SQL that {@link addAttribute} would run, as a script for the client of the server.
 */
export function planAttribute(options: InstallOptions, attribute: Attribute): Promise<string> {
  return planScript(options, { action: 'addAttribute', attribute });
}

/**
 * Drops an attribute with its routines and their grants. Changes no session.
 *
 * @throws {InstallationError} if there is no such attribute, or another procedure has the name of
 * one of its routines
 */
export function dropAttribute(
  options: InstallOptions,
  name: string,
  listener?: ProgressListener,
): Promise<string[]> {
  return withConfig(options, (config) =>
    attributes.dropAttribute(config, parseAttributeName('name', name), listener),
  );
}

/**
 * Returns the SQL that {@link dropAttribute} would run, as a script for the client of the server.
 */
export function planAttributeRemoval(options: InstallOptions, name: string): Promise<string> {
  return planScript(options, { action: 'dropAttribute', name });
}

/** Returns the SQL that {@link rollback} would run, as a script for the client of the server. */
export function planRollbackScript(options: InstallOptions, to?: number): Promise<string> {
  return planScript(options, { action: 'rollback', to });
}

/** Returns the steps that {@link rollback} would revert. Changes nothing. */
export function planRollback(options: InstallOptions, to?: number): Promise<RollbackPlan> {
  return withConfig(options, async (config) => {
    const found = await planRollbackSteps(config, to);
    const steps = found.steps.map(({ label }) => label).reverse();
    return { to: found.to, steps, table: config.names.table };
  });
}

/**
 * Reverts the migrations after number `to`; without `to`, the last one. A rollback to 0 removes
 * everything that was installed, the sessions too.
 *
 * @returns the names of the steps that it reverted; empty if nothing was installed
 */
export function rollback(
  options: InstallOptions,
  to?: number,
  listener?: ProgressListener,
): Promise<string[]> {
  return withConfig(options, (config) => migrator.rollback(config, to, listener));
}

/**
 * Adopts the table of another store: copies its live sessions with their ids and expiry times, and
 * leaves the source table unchanged. {@link SourceKind} lists the stores. You may repeat it: it
 * skips a session that exists already.
 *
 * @param source a table on the same server, `old_sessions` or `shop.old_sessions`
 */
export function adopt(
  options: InstallOptions,
  source: string,
  adoption: AdoptionOptions = {},
): Promise<Adoption> {
  return withConfig(options, (config) => adoptTable(config, source, adoption));
}

async function planScript(options: InstallOptions, change: Change): Promise<string> {
  return formatScript(await planSteps(options, change));
}
