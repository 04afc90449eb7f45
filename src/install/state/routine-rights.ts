import { withPrefix } from '../../contract';
import type { Connection } from '../../database/connection';
import type { ConnectedConfig } from '../install-config';
import { type Account, definerAccount, formatAccount } from '../sql/account';
import { isSameName } from '../sql/names';
import { accountExists } from './installed-account';
import type { InstalledRoutine } from './installed-routine';
import { interruptedGrantees, type MigrationLog } from './migration-log';

/** The routines of this table that an account may execute, by a grant on each. */
export interface AccountRights {
  readonly account: Account;
  /** The names that the routines have in the database. */
  readonly routines: readonly string[];
  /** Whether it may alter or drop one too, as the account that created it. */
  readonly mayAlter: boolean;
}

/**
 * Reads who may execute the routines of this table, without the definer. A server grants an account
 * the routines that it creates, so the installing account is among them.
 */
export async function readRights(
  config: ConnectedConfig,
  routines: readonly InstalledRoutine[],
): Promise<AccountRights[]> {
  const { connection } = config;
  const rows = await connection.query(
    `SELECT user, host, routine_name, FIND_IN_SET('Alter Routine', proc_priv)
     FROM mysql.procs_priv
     WHERE db = DATABASE() AND routine_type = 'PROCEDURE' AND FIND_IN_SET('Execute', proc_priv)
     ORDER BY user, host, routine_name`,
  );
  const definer = formatAccount(definerAccount(config));
  const rights = new Map<string, { account: Account; routines: string[]; mayAlter: boolean }>();
  for (const [user, host, name, alter] of rows) {
    const account = { user: String(user), host: String(host) };
    const key = formatAccount(account);
    const routine = routines.find((one) => one.isOwn && isSameName(one.name, String(name)));
    if (routine !== undefined && key !== definer) {
      const known = rights.get(key) ?? { account, routines: [], mayAlter: false };
      rights.set(key, known);
      known.routines.push(routine.name);
      known.mayAlter ||= Number(alter) > 0;
    }
  }
  return [...rights.values()];
}

/**
 * Returns who could execute the routines that an interrupted run dropped, and did not grant.
 */
export async function readInterruptedRights(
  { connection, names }: ConnectedConfig,
  log: MigrationLog,
): Promise<AccountRights[]> {
  const rights: AccountRights[] = [];
  for (const { kind, name } of log ?? []) {
    const grantees = kind === 'routine' ? interruptedGrantees(log, name) : undefined;
    for (const account of grantees ?? []) {
      if (await accountExists(connection, account)) {
        rights.push({ account, routines: [withPrefix(names.prefix, name)], mayAlter: false });
      }
    }
  }
  return rights;
}

/** Returns whether an account may execute a routine, by a grant on the routine. */
export function mayCall(
  rights: readonly AccountRights[],
  account: Account,
  routine: string,
): boolean {
  const key = formatAccount(account);
  return rights.some(
    (one) =>
      formatAccount(one.account) === key && one.routines.some((name) => isSameName(name, routine)),
  );
}

/**
 * Returns a mark that changes when an account is created again, or gets another password;
 * `undefined` if the server keeps none.
 */
export async function readCredentialTime(
  connection: Connection,
  { user, host }: Account,
): Promise<string | undefined> {
  const [row] = await connection.query(
    `SELECT /*!80000 UNIX_TIMESTAMP(password_last_changed) */
       /*M! JSON_VALUE(priv, '$.password_last_changed') */
     FROM mysql./*!80000 user *//*M! global_priv */ WHERE user = ? AND host = ?`,
    [user, host],
  );
  return row?.[0] == null ? undefined : String(row[0]);
}
