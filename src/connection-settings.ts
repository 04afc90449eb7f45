import type { Knex } from 'knex';
import { ArgumentError, describe } from './errors';
import { parseSslMode, verificationOf } from './ssl-mode';

/** mysql2's settings for a connection. */
export type ConnectionOptions = Knex.MySql2ConnectionConfig;

/** @throws {ArgumentError} for what is neither a URL of MySQL or MariaDB nor an object */
export function connectionSettings(connection: unknown): ConnectionOptions {
  return withSslMode(connectionOptions(connection));
}

// No message shows the connection: it may hold a password.
function connectionOptions(connection: unknown): ConnectionOptions {
  if (typeof connection === 'object' && connection !== null) {
    return { ...connection };
  }
  if (typeof connection !== 'string') {
    throw new ArgumentError('connection', "a URL or mysql2's settings", describe(connection));
  }
  const protocol = URL.canParse(connection) ? new URL(connection).protocol : 'no protocol';
  if (protocol !== 'mysql:' && protocol !== 'mariadb:') {
    throw new ArgumentError(
      'connection',
      'a URL such as mysql://app@db.example/shop',
      `one with ${protocol}`,
    );
  }
  return { uri: connection };
}

// Hosting companies hand out URLs that ask for TLS so; the driver would ignore it, and go without.
function withSslMode(options: ConnectionOptions): ConnectionOptions {
  const url = options.uri !== undefined && URL.canParse(options.uri) ? new URL(options.uri) : undefined;
  const mode = url?.searchParams.get('ssl-mode') ?? undefined;
  if (url === undefined || mode === undefined) {
    return options;
  }
  url.searchParams.delete('ssl-mode');
  const verification = verificationOf(parseSslMode('ssl-mode', mode));
  const { ssl } = options;
  return {
    ...options,
    uri: url.href,
    ...(verification && { ssl: typeof ssl === 'string' ? ssl : { ...verification, ...ssl } }),
  };
}
