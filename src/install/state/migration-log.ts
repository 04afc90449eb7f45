import { isRole, type Role } from '../../contract';
import { errno } from '../../database/error-codes';
import { DatabaseError, InstallationError } from '../../errors';
import { quoteIdentifier } from '../../util/identifiers';
import { sha256 } from '../../util/sha256';
import type { Attribute } from '../attributes/attribute';
import { formatCommand } from '../command';
import type { ConnectedConfig } from '../install-config';
import { type Account, formatAccount, quoteAccount } from '../sql/account';
import { isCurrentEntry, type LogKey, type LogRecord, unfinished } from '../sql/log-statements';
import { currentUser } from './installed-account';

/** What the migration log says of a step: the newest row of its kind and name. */
export interface LogEntry extends LogKey {
  readonly details: Readonly<Record<string, unknown>>;
  readonly checksum: string;
  readonly packageVersion: string;
  readonly appliedAt: Date;
}

/** The entries of the migration log. `undefined` if its table does not exist. */
export type MigrationLog = readonly LogEntry[] | undefined;

/** What a step records of itself, apart from its checksum. */
export type LogFacts = Omit<LogRecord, 'checksum'>;

/** A role that an account has. */
export interface RoleGrant {
  readonly role: Role;
  readonly account: Account;
}

/** A role, as the log recorded it. */
export interface RecordedGrant extends RoleGrant {
  /** The mark of the account's credential when it got the role. */
  readonly credential: string | undefined;
}

/** Records that the installer created an account for the routines to run as. */
export const definerAccountFacts: LogFacts = { kind: 'definer', name: 'account', details: {} };

export function attributeFacts({ name, path, type }: Attribute): LogFacts {
  return { kind: 'attribute', name, details: { path, type } };
}

/** @param routine the default name, such as `sess_get` */
export function routineFacts(routine: string): LogFacts {
  return { kind: 'routine', name: routine, details: {} };
}

export function eventFacts(every: number): LogFacts {
  return { kind: 'event', name: 'sess_gc', details: { every } };
}

/** @param grant the role `all` means every right of the account */
export function grantFacts({
  role,
  account,
  credential,
}: Omit<Partial<RecordedGrant>, 'role'> & {
  readonly role: Role | 'all';
  readonly account: Account;
}): LogFacts {
  const name = shortenName(`${role}/${formatAccount(account)}`);
  const details = { role, user: account.user, host: account.host };
  return {
    kind: 'grant',
    name,
    details: credential === undefined ? details : { ...details, credential },
  };
}

// The column holds 255 characters.
function shortenName(name: string): string {
  return name.length <= 255
    ? name
    : `${[...name].slice(0, 100).join('')}#${sha256(name).slice(0, 40)}`;
}

const folders: Readonly<Record<string, string>> = {
  installation: 'installations',
  migration: 'migrations',
  table: 'tables',
  attribute: 'attributes',
  routine: 'routines',
  event: 'events',
  grant: 'grants',
};

/** Formats the key of a step for people: `routines/sess_get`. */
export function formatKey({ kind, name }: LogKey): string {
  return `${folders[kind] ?? kind}/${name}`;
}

export function findEntry(log: MigrationLog, { kind, name }: LogKey): LogEntry | undefined {
  return log?.find((entry) => entry.kind === kind && entry.name === name);
}

/** Returns the recorded roles. Their accounts may be gone. */
export function recordedGrants(log: MigrationLog): RecordedGrant[] {
  return entriesOf(log, 'grant').flatMap(({ details: { role, user, host, credential } }) =>
    isRole(role) && typeof user === 'string' && typeof host === 'string'
      ? [
          {
            role,
            account: { user, host },
            credential: typeof credential === 'string' ? credential : undefined,
          },
        ]
      : [],
  );
}

/** Returns when the recorded step created a routine, on the server's clock. */
export function recordedCreation(log: MigrationLog, routine: string): string | undefined {
  const created = findEntry(log, routineFacts(routine))?.details.created;
  return typeof created === 'string' ? created : undefined;
}

/**
 * Returns who could execute a routine when a run dropped it that never finished; `undefined` if
 * there is no such run. The accounts may be gone.
 */
export function interruptedGrantees(log: MigrationLog, routine: string): Account[] | undefined {
  const entry = findEntry(log, routineFacts(routine));
  const grantees = entry?.checksum === unfinished ? entry.details.grantees : undefined;
  return Array.isArray(grantees)
    ? grantees.map((one) => ({ user: String(Object(one).user), host: String(Object(one).host) }))
    : undefined;
}

function entriesOf(log: MigrationLog, kind: LogRecord['kind']): LogEntry[] {
  return log?.filter((entry) => entry.kind === kind) ?? [];
}

/**
 * Reads the log without asking the catalog first. The catalog hides a table from an account that
 * may not read it: the installer would conclude that nothing is installed.
 *
 * @throws {InstallationError} if the account may not read the log
 */
export async function readMigrationLog(config: ConnectedConfig): Promise<MigrationLog> {
  const { connection, names } = config;
  try {
    const rows = await connection.query(
      `SELECT kind, name, CONVERT(details USING utf8mb4), checksum, package_version,
         DATE_FORMAT(applied_at, '%Y-%m-%dT%T.%fZ')
       FROM ${quoteIdentifier(names.migrationLog)} WHERE ${isCurrentEntry(names)} ORDER BY id`,
    );
    return rows.map(([kind, name, details, checksum, packageVersion, appliedAt]) => ({
      kind: String(kind),
      name: String(name),
      details: parseDetails(details),
      checksum: String(checksum),
      packageVersion: String(packageVersion),
      appliedAt: new Date(String(appliedAt)),
    }));
  } catch (error) {
    if (error instanceof DatabaseError && error.errno === errno.noSuchTable) {
      return undefined;
    }
    if (error instanceof DatabaseError && error.errno === errno.tableDenied) {
      throw await logDenied(config, error);
    }
    throw error;
  }
}

async function logDenied(
  { connection, database, names }: ConnectedConfig,
  cause: DatabaseError,
): Promise<InstallationError> {
  const account = await currentUser(connection);
  const log = quoteIdentifier(names.migrationLog);
  return new InstallationError(
    `The account ${formatAccount(account)} may not read ${log}. Connect as a DBA, or give the ` +
      `right: GRANT SELECT ON ${quoteIdentifier(database)}.${log} TO ${quoteAccount(account)}; ` +
      "An application's account is checked with: " +
      formatCommand('doctor --as application', names.flags),
    { cause },
  );
}

function parseDetails(text: unknown): LogEntry['details'] {
  const details: unknown = typeof text === 'string' ? JSON.parse(text) : undefined;
  return typeof details === 'object' && details !== null ? { ...details } : {};
}
