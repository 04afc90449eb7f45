import { attributeOf } from '../../contract';
import { isDenied } from '../../database/error-codes';
import { DatabaseError } from '../../errors';
import type { ConnectedConfig } from '../install-config';
import { type Privilege, readPrivileges } from '../privileges/privilege';
import { type Account, definerAccount, formatAccount, isSameAccount } from '../sql/account';
import { isSameName } from '../sql/names';
import { findCopiedFrom, findRecord, recordedAttributes } from './installation-record';
import {
  accountExists,
  currentUser,
  type InstalledAccount,
  readAccount,
} from './installed-account';
import { type InstalledEvent, readEvent } from './installed-event';
import { type InstalledRoutine, readRoutines } from './installed-routine';
import { type InstalledTable, readTable } from './installed-table';
import {
  type MigrationLog,
  type RecordedGrant,
  readMigrationLog,
  recordedGrants,
} from './migration-log';
import {
  type AccountRights,
  readCredentialTime,
  readInterruptedRights,
  readRights,
} from './routine-rights';

/** A recorded role of an account that exists. */
export interface ExistingGrant extends RecordedGrant {
  /** Whether the account was created again, or has a new password, and may execute nothing. */
  readonly isNewAccount: boolean;
}

/** What a database contains of an installation. */
export interface Installation {
  readonly log: MigrationLog;
  /** The recorded roles that count here. Their accounts may be gone. */
  readonly recordedGrants: readonly RecordedGrant[];
  /** The roles that a copied database recorded for its original, and that it does not keep. */
  readonly leftOutGrants: readonly RecordedGrant[];
  /** The table of the sessions; `undefined` if it does not exist. */
  readonly table: InstalledTable | undefined;
  /** The procedures whose name has the prefix. Some may belong to others. */
  readonly routines: readonly InstalledRoutine[];
  /** Whether the routines run as the account that installs: now requested, or recorded. */
  readonly currentDefiner: boolean;
  /** The account that the installer creates for the routines; `undefined` if it does not exist. */
  readonly definer: InstalledAccount | undefined;
  /** Other accounts that routines of this table run as, and that exist. */
  readonly otherDefiners: readonly Account[];
  /** The recorded roles whose account and attribute still exist. */
  readonly grants: readonly ExistingGrant[];
  /** The accounts that may execute routines of this table. */
  readonly rights: readonly AccountRights[];
  /** What accounts may execute again when an interrupted run is completed. */
  readonly interruptedRights: readonly AccountRights[];
  /** The account of the connection. */
  readonly installer: Account;
  /** Its privileges, also those of its roles. */
  readonly privileges: readonly Privilege[];
  /** Such as `10.11.6-MariaDB` or `8.4.3`. */
  readonly serverVersion: string;
  /** The event with the name that ours has. It may belong to others. */
  readonly event: InstalledEvent | undefined;
  /** Why this account may not read accounts and grants; `undefined` if it may. */
  readonly accountsError: DatabaseError | undefined;
  /** Whether the server has the plugin of the definer's credential. MySQL needs none. */
  readonly hasDefinerPlugin: boolean;
  /** Whether the server takes no writes of ordinary accounts, as replicas should. */
  readonly isReadOnly: boolean;
}

/** Reads what is installed. Changes nothing. */
export async function readInstallation(config: ConnectedConfig): Promise<Installation> {
  const log = await readMigrationLog(config);
  const record = findRecord(log);
  const routines = await readRoutines(config);
  const isLeftOut = findCopiedFrom(config, log) !== undefined && !config.keepGrants;
  const recorded = isLeftOut ? [] : recordedGrants(log);
  return {
    log,
    recordedGrants: recorded,
    leftOutGrants: isLeftOut ? recordedGrants(log) : [],
    table: await readTable(config),
    routines,
    currentDefiner: config.currentDefiner || (record !== undefined && !record.definer),
    event: await readEvent(config),
    isReadOnly: await readReadOnly(config),
    hasDefinerPlugin: await readDefinerPlugin(config),
    installer: await currentUser(config.connection),
    privileges: await readPrivileges(config.connection),
    serverVersion: await readServerVersion(config),
    ...(await readAccounts(config, log, recorded, routines)),
  };
}

type Accounts = Pick<
  Installation,
  'definer' | 'otherDefiners' | 'grants' | 'rights' | 'interruptedRights' | 'accountsError'
>;

async function readAccounts(
  config: ConnectedConfig,
  log: MigrationLog,
  recorded: readonly RecordedGrant[],
  routines: readonly InstalledRoutine[],
): Promise<Accounts> {
  try {
    const rights = await readRights(config, routines);
    return {
      definer: await readAccount(config.connection, definerAccount(config)),
      otherDefiners: await readOtherDefiners(config, routines),
      grants: await readGrants(config, log, recorded, rights),
      rights,
      interruptedRights: await readInterruptedRights(config, log),
      accountsError: undefined,
    };
  } catch (error) {
    if (error instanceof DatabaseError && isDenied(error.errno)) {
      return {
        definer: undefined,
        otherDefiners: [],
        grants: [],
        rights: [],
        interruptedRights: [],
        accountsError: error,
      };
    }
    throw error;
  }
}

/** Returns the accounts that the routines of this table run as. They may not exist. */
export function findDefiners({ routines }: Pick<Installation, 'routines'>): Account[] {
  const own = routines.filter(({ isOwn }) => isOwn);
  const definers = new Map(own.map(({ definer }) => [formatAccount(definer), definer]));
  return [...definers.values()];
}

/** Returns a routine of this table, given the name that it has in the database. */
export function findOwnRoutine(
  { routines }: Pick<Installation, 'routines'>,
  name: string,
): InstalledRoutine | undefined {
  return routines.find((routine) => routine.isOwn && isSameName(routine.name, name));
}

/** Returns the names of the routines that belong to the table. */
export function findOwnRoutines({ routines }: Pick<Installation, 'routines'>): string[] {
  return routines.flatMap(({ name, isOwn }) => (isOwn ? [name] : []));
}

async function readOtherDefiners(
  config: ConnectedConfig,
  routines: readonly InstalledRoutine[],
): Promise<Account[]> {
  const own = formatAccount(definerAccount(config));
  const others = findDefiners({ routines }).filter((account) => formatAccount(account) !== own);
  const existing: Account[] = [];
  for (const account of others) {
    if (await accountExists(config.connection, account)) existing.push(account);
  }
  return existing;
}

async function readGrants(
  { connection }: ConnectedConfig,
  log: MigrationLog,
  recorded: readonly RecordedGrant[],
  rights: readonly AccountRights[],
): Promise<ExistingGrant[]> {
  const attributes = recordedAttributes(log).map(({ name }) => name);
  const grants: ExistingGrant[] = [];
  for (const grant of recorded) {
    const { role, account, credential } = grant;
    const attribute = attributeOf(role);
    const isKnown = attribute === undefined || attributes.includes(attribute);
    if (isKnown && (await accountExists(connection, account))) {
      const hasRights = rights.some((one) => isSameAccount(one.account, account));
      const isNewAccount =
        credential !== undefined &&
        !hasRights &&
        (await readCredentialTime(connection, account)) !== credential;
      grants.push({ ...grant, isNewAccount });
    }
  }
  return grants;
}

async function readServerVersion({ connection }: ConnectedConfig): Promise<string> {
  const [row] = await connection.query('SELECT VERSION()');
  return String(row?.[0]);
}

async function readDefinerPlugin({ connection, capabilities }: ConnectedConfig): Promise<boolean> {
  const rows = await connection.query(
    `SELECT 1 FROM information_schema.plugins
     WHERE plugin_name = 'unix_socket' AND plugin_status = 'ACTIVE'`,
  );
  return rows.length > 0 || !capabilities.readsMariaDbComments;
}

async function readReadOnly({ connection }: ConnectedConfig): Promise<boolean> {
  const [row] = await connection.query('SELECT @@GLOBAL.read_only');
  return !['0', 'OFF'].includes(String(row?.[0]));
}
