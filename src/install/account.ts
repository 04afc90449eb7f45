import { ArgumentError, describe } from '../errors';
import { quoteIdentifier } from './names';

/** An account of the server: MySQL's `'user'@'host'`. */
export interface Account {
  readonly user: string;
  readonly host: string;
}

const form = /^(?:'(?<quotedUser>[^']+)'|(?<user>[^'@]+))(?:@(?:'(?<quotedHost>[^']+)'|(?<host>[^'@]+)))?$/;

/** Reads `user`, `user@host` or `'user'@'host'`; without a host it is `%`, any host, as on the servers. */
export function parseAccount(text: string): Account {
  const { quotedUser, user, quotedHost, host } = form.exec(text)?.groups ?? {};
  const parsed = { user: quotedUser ?? user ?? '', host: quotedHost ?? host ?? '%' };
  if (parsed.user === '' || /[`\\\p{Cc}]/u.test(parsed.user + parsed.host)) {
    throw new ArgumentError('account', "an account such as app@'%'", describe(text));
  }
  return parsed;
}

/** The account as people write it: `'app'@'%'`. */
export function formatAccount({ user, host }: Account): string {
  return `'${user}'@'${host}'`;
}

/** The account as it stands in a statement, whatever the `sql_mode`. */
export function quoteAccount({ user, host }: Account): string {
  return `${quoteIdentifier(user)}@${quoteIdentifier(host)}`;
}
