import { ArgumentError } from '../../errors';
import { describe } from '../../util/describe';
import { quoteIdentifier } from '../../util/identifiers';
import type { InstallConfig } from '../install-config';

/** A database account: MySQL's `'user'@'host'`. A role of MariaDB has an empty host. */
export interface Account {
  readonly user: string;
  readonly host: string;
}

const accountForm =
  /^(?:'(?<quotedUser>[^']+)'|(?<user>[^'@]+))(?:@(?:'(?<quotedHost>[^']+)'|(?<host>[^'@]+)))?$/;

/**
 * Parses `user`, `user@host` or `'user'@'host'`. Without a host, it is `%`, any host.
 *
 * @throws {ArgumentError} if the text is no account
 */
export function parseAccount(text: string): Account {
  const { quotedUser, user, quotedHost, host } = accountForm.exec(text)?.groups ?? {};
  const parsed = { user: quotedUser ?? user ?? '', host: quotedHost ?? host ?? '%' };
  if (parsed.user === '' || /[`\\\p{Cc}]/u.test(parsed.user + parsed.host)) {
    throw new ArgumentError('account', "an account such as app@'%'", describe(text));
  }
  return parsed;
}

/** Formats an account for people: `'app'@'%'`. */
export function formatAccount({ user, host }: Account): string {
  return host === '' ? `'${user}'` : `'${user}'@'${host}'`;
}

/** Formats an account for a statement, in backticks: they mean the same in every `sql_mode`. */
export function quoteAccount({ user, host }: Account): string {
  return host === '' ? quoteIdentifier(user) : `${quoteIdentifier(user)}@${quoteIdentifier(host)}`;
}

/** Parses an account as the catalog shows it: without quotes. A user name may contain an `@`. */
export function parseStoredAccount(text: string): Account {
  const at = text.lastIndexOf('@');
  return { user: text.slice(0, at), host: text.slice(at + 1) };
}

export function isSameAccount(one: Account, other: Account): boolean {
  return one.user === other.user && one.host === other.host;
}

/** Returns the account that the installer creates for the routines to run as. */
export function definerAccount({ definer }: InstallConfig): Account {
  return { user: definer, host: 'localhost' };
}
