import type { Knex } from 'knex';
import { ArgumentError, DatabaseError } from '../errors';
import { describe } from '../util/describe';
import { parseConnectionUrl } from './connection-url';
import { assertTlsIsKnown, parseSslMode, tlsVerification } from './ssl-mode';

export type { Knex };

/** mysql2's settings for a connection. */
export type ConnectionOptions = Knex.MySql2ConnectionConfig;

/** The settings that a function returns for a new connection. */
export type ConnectionFunctionResult =
  | string
  | (ConnectionOptions & {
      /** Returns true when the settings must be asked for again. Without it, they always are. */
      readonly expirationChecker?: () => boolean;
    });

/** Returns the settings for a new connection: for passwords and tokens that change. */
export type ConnectionFunction = () => ConnectionFunctionResult | Promise<ConnectionFunctionResult>;

/** Where connections to one host come from. */
export interface ConnectionSource {
  /** The host's address for a message, without secrets. */
  readonly label: string;
  /** Returns the settings for a new connection. */
  readonly options: () => Promise<ConnectionOptions>;
}

/** How long a connection to one of several hosts may take, in milliseconds. */
const connectTimeout = 1_000;

/**
 * When the system begins to probe a silent connection, in milliseconds. Ten probes, one a second,
 * follow (https://nodejs.org/api/net.html#socketsetkeepaliveenable-initialdelay).
 */
const keepAliveInitialDelay = 10_000;

/** @throws {ArgumentError} if the connection is neither a MySQL or MariaDB URL nor an object */
export function parseConnection(connection: unknown, argument = 'connection'): ConnectionOptions {
  const options = applySslMode(argument, toOptions(argument, connection));
  return withDefaults(options, { keepAliveInitialDelay });
}

/**
 * Parses one connection, or a list with one connection per host.
 *
 * @throws {ArgumentError} for an empty list, and for the first connection that is wrong
 */
export function parseHosts(connection: unknown): ConnectionSource[] {
  if (!Array.isArray(connection)) {
    return [toSource(connection, 'connection')];
  }
  if (connection.length === 0) {
    throw new ArgumentError('connection', 'at least one host', 'an empty list');
  }
  // A list of one has no other host: it keeps the driver's longer connect timeout.
  const defaults = connection.length > 1 ? { connectTimeout } : {};
  return connection.map((host, index) => toSource(host, `connection[${index}]`, defaults));
}

function toSource(
  connection: unknown,
  argument: string,
  defaults: ConnectionOptions = {},
): ConnectionSource {
  if (!isConnectionFunction(connection)) {
    const options = withDefaults(parseConnection(connection, argument), defaults);
    return { label: hostLabel(options), options: async () => options };
  }
  let known: ConnectionOptions | undefined;
  let isExpired = () => true;
  return {
    label: `${argument}()`,
    options: async () => {
      if (known === undefined || isExpired()) {
        const result: unknown = await callFunction(connection, argument);
        const { expirationChecker, ...settings } = Object(result);
        const canExpire = typeof expirationChecker === 'function';
        isExpired = canExpire ? expirationChecker : () => true;
        const options = parseConnection(canExpire ? settings : result, `${argument}()`);
        known = withDefaults(options, defaults);
      }
      return known;
    },
  };
}

function isConnectionFunction(value: unknown): value is () => unknown {
  // A knex instance is a function too.
  return typeof value === 'function' && !('raw' in value);
}

async function callFunction(connect: () => unknown, argument: string): Promise<unknown> {
  try {
    return await connect();
  } catch (cause) {
    const { code, message } = Object(cause);
    throw new DatabaseError(
      `the function \`${argument}\` failed: ${message ?? String(cause)}`,
      { code: typeof code === 'string' ? code : undefined, errno: undefined, sqlState: undefined },
      { cause },
    );
  }
}

// The driver prefers its options to the parameters of the URL.
function withDefaults(options: ConnectionOptions, defaults: ConnectionOptions): ConnectionOptions {
  const { uri } = options;
  const parameters = uri === undefined ? undefined : new URL(uri).searchParams;
  const missing = Object.entries(defaults).filter(([name]) => !parameters?.has(name));
  return { ...Object.fromEntries(missing), ...options };
}

/** Returns a host's address for a message, without secrets. */
function hostLabel({
  uri,
  socketPath,
  host = 'localhost',
  port = 3306,
}: ConnectionOptions): string {
  return uri === undefined ? (socketPath ?? `${host}:${port}`) : new URL(uri).host;
}

/** The settings by which mysql2 finds a server. */
const places = ['uri', 'host', 'socketPath'];

// No message shows the connection: it may have a password.
function toOptions(argument: string, connection: unknown): ConnectionOptions {
  if (typeof connection === 'string') {
    return { uri: parseConnectionUrl(argument, connection).href };
  }
  const expected = "a URL such as mysql://app@db.example/shop, or mysql2's settings";
  if (connection instanceof URL) {
    throw new ArgumentError(argument, expected, 'an instance of URL: pass its href');
  }
  if (!isPlainObject(connection)) {
    throw new ArgumentError(argument, expected, describe(connection));
  }
  if (!places.some((place) => Reflect.get(connection, place) !== undefined)) {
    throw new ArgumentError(argument, `${expected} with ${places.join(', ')}`, 'none of these');
  }
  const { uri }: ConnectionOptions = connection;
  return uri === undefined
    ? { ...connection }
    : { ...connection, uri: parseConnectionUrl(`${argument}.uri`, uri).href };
}

function isPlainObject(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value))
  );
}

// Hosting companies provide URLs with the parameter ssl-mode. The driver would ignore it, as every
// other name but `ssl`, and not use TLS.
function applySslMode(argument: string, options: ConnectionOptions): ConnectionOptions {
  const url = options.uri === undefined ? undefined : new URL(options.uri);
  const mode = url?.searchParams.get('ssl-mode') ?? undefined;
  url?.searchParams.delete('ssl-mode');
  const names = [...Object.keys(options), ...(url?.searchParams.keys() ?? [])];
  assertTlsIsKnown(argument, names);
  if (url?.searchParams.get('ssl') === 'true') {
    const expected = 'a URL with ssl-mode=REQUIRED, VERIFY_CA or VERIFY_IDENTITY';
    throw new ArgumentError(
      argument,
      expected,
      'one with ssl=true, which does not say what to verify',
    );
  }
  if (url === undefined || mode === undefined) {
    return options;
  }
  const verification = tlsVerification(parseSslMode('ssl-mode', mode));
  const { ssl } = options;
  return {
    ...options,
    uri: url.href,
    ...(verification && { ssl: typeof ssl === 'string' ? ssl : { ...verification, ...ssl } }),
  };
}
