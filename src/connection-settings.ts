import type { Knex } from 'knex';
import { ArgumentError, describe } from './errors';
import { parseSslMode, verificationOf } from './ssl-mode';

/** mysql2's settings for a connection. */
export type ConnectionOptions = Knex.MySql2ConnectionConfig;

/** How long a host of several has to take a connection, in milliseconds. */
const connectTimeout = 1_000;

/** @throws {ArgumentError} for what is neither a URL of MySQL or MariaDB nor an object */
export function connectionSettings(connection: unknown, argument = 'connection'): ConnectionOptions {
  return withSslMode(connectionOptions(argument, connection));
}

/**
 * The settings for each of several hosts.
 *
 * @throws {ArgumentError} for an empty list, and for the first that is wrong
 */
export function hostSettings(connections: readonly unknown[]): ConnectionOptions[] {
  if (connections.length === 0) {
    throw new ArgumentError('connection', 'at least one host', 'an empty list');
  }
  return connections.map((connection, index) => ({
    connectTimeout,
    ...connectionSettings(connection, `connection[${index}]`),
  }));
}

/** What tells a host from the others, without what is secret. */
export function hostName({ uri, socketPath, host = 'localhost', port = 3306 }: ConnectionOptions): string {
  return uri === undefined ? (socketPath ?? `${host}:${port}`) : new URL(uri).host;
}

// No message shows the connection: it may hold a password.
function connectionOptions(argument: string, connection: unknown): ConnectionOptions {
  if (typeof connection === 'object' && connection !== null) {
    return { ...connection };
  }
  if (typeof connection !== 'string') {
    throw new ArgumentError(argument, "a URL or mysql2's settings", describe(connection));
  }
  const protocol = URL.canParse(connection) ? new URL(connection).protocol : 'no protocol';
  if (protocol !== 'mysql:' && protocol !== 'mariadb:') {
    throw new ArgumentError(argument, 'a URL such as mysql://app@db.example/shop', `one with ${protocol}`);
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
