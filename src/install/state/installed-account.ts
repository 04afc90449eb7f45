import type { Connection } from '../../database/connection';
import { errno } from '../../database/error-codes';
import { DatabaseError } from '../../errors';
import { type Privilege, readPrivileges } from '../privileges/privilege';
import { type Account, parseStoredAccount, quoteAccount } from '../sql/account';

/** An account, as the server has it. */
export interface InstalledAccount {
  readonly isLocked: boolean;
  /** Whether its password has expired. */
  readonly isExpired: boolean;
  /** Whether it is a role of MySQL, which no client logs in as. */
  readonly isRole: boolean;
  /** Whether a client can log in as it while it is not locked. */
  readonly canLogIn: boolean;
  readonly privileges: readonly Privilege[];
}

/** The credentials of sql/privileges/definer.sql, with which no client can log in. */
const noLogin = / IDENTIFIED (?:VIA unix_socket(?! OR\b)|WITH .* AS '\$A\$005\$THISIS\w+')/;

/** Reads an account. Returns `undefined` if the server does not have it. */
export async function readAccount(
  connection: Connection,
  account: Account,
): Promise<InstalledAccount | undefined> {
  if (!(await accountExists(connection, account))) {
    return undefined;
  }
  const [row] = await connection.query(`SHOW CREATE USER ${quoteAccount(account)}`);
  const definition = String(row?.[0]);
  return {
    isLocked: / ACCOUNT LOCK\b/.test(definition),
    isExpired: / PASSWORD EXPIRE(?: ACCOUNT|$)/.test(definition),
    isRole: / IDENTIFIED WITH '\w+' REQUIRE .* PASSWORD EXPIRE ACCOUNT LOCK\b/.test(definition),
    canLogIn: !noLogin.test(definition),
    privileges: await readPrivileges(connection, account),
  };
}

/** Returns whether the server has an account or a role of this name. */
export async function accountExists(connection: Connection, account: Account): Promise<boolean> {
  try {
    await connection.query(`SHOW GRANTS FOR ${quoteAccount(account)}`);
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.errno === errno.noSuchGrant) {
      return false;
    }
    throw error;
  }
}

/** Returns the account that the server uses for this connection. */
export async function currentUser(connection: Connection): Promise<Account> {
  const [row] = await connection.query('SELECT CURRENT_USER()');
  return parseStoredAccount(String(row?.[0]));
}
