import type { Knex } from 'knex';
import { ArgumentError } from '../errors';
import { describe } from '../util/describe';
import { parseSslMode, tlsVerification } from './ssl-mode';

export type { Knex };

/** mysql2's settings for a connection. */
export type ConnectionOptions = Knex.MySql2ConnectionConfig;

/** How long a connection to one of several hosts may take, in milliseconds. */
const connectTimeout = 1_000;

/** @throws {ArgumentError} if the connection is neither a MySQL or MariaDB URL nor an object */
export function parseConnection(connection: unknown, argument = 'connection'): ConnectionOptions {
  return applySslMode(toOptions(argument, connection));
}

/**
 * Parses one connection, or a list with one connection per host.
 *
 * @throws {ArgumentError} for an empty list, and for the first connection that is wrong
 */
export function parseHosts(connection: unknown): ConnectionOptions[] {
  if (!Array.isArray(connection)) {
    return [parseConnection(connection)];
  }
  if (connection.length === 0) {
    throw new ArgumentError('connection', 'at least one host', 'an empty list');
  }
  // A list of one has no other host: it keeps the driver's longer connect timeout.
  const shared = connection.length > 1 ? { connectTimeout } : {};
  return connection.map((host, index) => ({
    ...shared,
    ...parseConnection(host, `connection[${index}]`),
  }));
}

/** Returns a host's address for a message, without secrets. */
export function hostLabel({
  uri,
  socketPath,
  host = 'localhost',
  port = 3306,
}: ConnectionOptions): string {
  return uri === undefined ? (socketPath ?? `${host}:${port}`) : new URL(uri).host;
}

// No message shows the connection: it may have a password.
function toOptions(argument: string, connection: unknown): ConnectionOptions {
  if (typeof connection === 'object' && connection !== null) {
    return { ...connection };
  }
  if (typeof connection !== 'string') {
    throw new ArgumentError(argument, "a URL or mysql2's settings", describe(connection));
  }
  const protocol = URL.canParse(connection) ? new URL(connection).protocol : 'no protocol';
  if (protocol !== 'mysql:' && protocol !== 'mariadb:') {
    throw new ArgumentError(
      argument,
      'a URL such as mysql://app@db.example/shop',
      `one with ${protocol}`,
    );
  }
  return { uri: connection };
}

// Hosting companies provide URLs with this parameter. The driver would ignore it and not use TLS.
function applySslMode(options: ConnectionOptions): ConnectionOptions {
  const url =
    options.uri !== undefined && URL.canParse(options.uri) ? new URL(options.uri) : undefined;
  const mode = url?.searchParams.get('ssl-mode') ?? undefined;
  if (url === undefined || mode === undefined) {
    return options;
  }
  url.searchParams.delete('ssl-mode');
  const verification = tlsVerification(parseSslMode('ssl-mode', mode));
  const { ssl } = options;
  return {
    ...options,
    uri: url.href,
    ...(verification && { ssl: typeof ssl === 'string' ? ssl : { ...verification, ...ssl } }),
  };
}
