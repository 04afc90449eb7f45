import { userInfo } from 'node:os';
import type { ConnectionOptions } from '../../database/connection-options';
import { parseConnectionUrl } from '../../database/connection-url';
import { ArgumentError } from '../../errors';
import { parseClientOptions } from './client-options';
import type { ConnectionFlags, TlsFlags } from './command-options';
import { readEnvironment } from './environment';
import { readOptionFiles } from './option-files';
import { printMessage, styleMessage } from './output';
import { askPassword } from './prompt';
import { resolveTls } from './tls';

/** A server, and how to connect to it. */
export interface Server {
  /** Host and port, or the path of a socket. */
  readonly address: string;
  /** The settings of a connection without a database. */
  readonly connection: ConnectionOptions;
  /** The database that the URL or the option files name. */
  readonly database: string | undefined;
  /** What the flags, the URL or the option files say about TLS. */
  readonly tls: TlsFlags;
}

/**
 * Finds the server. The command line comes before MYSQL_URL and DATABASE_URL, and these before
 * `~/.my.cnf`. A URL and an option file never mix: a password must not reach a server that it is
 * not for.
 *
 * @throws {ArgumentError} if nothing names a server, or what names it is wrong
 */
export async function resolveServer(flags: ConnectionFlags): Promise<Server> {
  const url = chooseUrl(flags);
  if (url === undefined) {
    return serverOfOptionFiles(flags);
  }
  const parsed = parseConnectionUrl('url', url);
  if (flags.url !== undefined && parsed.password !== '') {
    printMessage(
      `${styleMessage('yellow', 'warning:')} Other users of this machine can see the password in ` +
        '--url. Use MYSQL_URL, --defaults-file, ~/.my.cnf or --password instead.',
    );
  }
  return serverOfUrl(parsed, flags);
}

/**
 * Returns the server of a URL that was typed at a prompt: no other user can see its password. Asks
 * for the password if the URL has none.
 *
 * @throws {ArgumentError} for a text that is no URL
 */
export function resolveTypedUrl(url: string, flags: ConnectionFlags): Promise<Server> {
  const parsed = parseConnectionUrl('url', url);
  return serverOfUrl(parsed, { ...flags, password: parsed.password === '' });
}

/** Whether the flags, the environment or an option file name a server. */
export function isServerNamed(flags: ConnectionFlags): boolean {
  return chooseUrl(flags) !== undefined || readOptionFiles(flags).length > 0;
}

function chooseUrl(flags: ConnectionFlags): string | undefined {
  const { url, defaultsFile, defaultsExtraFile, defaultsGroupSuffix } = flags;
  const namesFiles = [defaultsFile, defaultsExtraFile, defaultsGroupSuffix].some(
    (flag) => flag !== undefined,
  );
  if (url !== undefined && namesFiles) {
    throw new ArgumentError('url', 'given without --defaults-…, which names a server too', 'both');
  }
  return namesFiles ? undefined : (url ?? urlOf(readEnvironment(flags.envFile)));
}

/** DATABASE_URL may be that of another product: then it names no server. */
function urlOf({ MYSQL_URL, DATABASE_URL }: NodeJS.ProcessEnv): string | undefined {
  if (MYSQL_URL) return MYSQL_URL;
  return DATABASE_URL && /^(?:mysql|mariadb):/.test(DATABASE_URL) ? DATABASE_URL : undefined;
}

async function serverOfUrl(url: URL, flags: ConnectionFlags): Promise<Server> {
  const tlsFlags = { ...tlsFlagsOf(url), ...flags };
  const tls = resolveTls(tlsFlags);
  const given = url.password === '' ? readEnvironment(flags.envFile).MYSQL_PWD : undefined;
  const password = flags.password ? await askPassword(decodeURIComponent(url.username)) : given;
  // mysql2 prefers a setting to its parameter in the URL, but not if the setting is false or empty.
  const uri = new URL(url);
  uri.pathname = '';
  uri.searchParams.delete('ssl-mode');
  if (tls !== undefined) {
    uri.searchParams.delete('ssl');
  }
  return {
    address: flags.socket ?? `${url.hostname || 'localhost'}:${url.port || 3306}`,
    connection: {
      uri: uri.href,
      ...(password !== undefined && { password }),
      ...(flags.socket !== undefined && { socketPath: flags.socket }),
      ...(tls && { ssl: tls }),
    },
    database: decodeURIComponent(url.pathname.slice(1)) || undefined,
    tls: tlsFlags,
  };
}

// Many providers put ssl-mode into their URLs. mysql2 would ignore it and connect without TLS.
function tlsFlagsOf(url: URL): TlsFlags {
  const sslMode = url.searchParams.get('ssl-mode');
  return sslMode === null ? {} : { sslMode };
}

async function serverOfOptionFiles(flags: ConnectionFlags): Promise<Server> {
  const options = readOptionFiles(flags);
  if (options.length === 0) {
    const expected =
      'a URL such as mysql://dba@db.example/shop, which MYSQL_URL or DATABASE_URL can hold, or an option file ' +
      'with the group [client]';
    throw new ArgumentError('url', expected, 'none');
  }
  const { host = 'localhost', port = 3306, ...client } = parseClientOptions(options, flags);
  const socketPath = flags.socket ?? client.socket;
  const tlsFlags = { ...client.tls, ...flags };
  const tls = resolveTls(tlsFlags);
  const user = client.user ?? userInfo().username;
  const password =
    flags.password || client.asksPassword
      ? await askPassword(user)
      : (client.password ?? readEnvironment(flags.envFile).MYSQL_PWD);
  return {
    address: socketPath ?? `${host}:${port}`,
    connection: {
      ...(socketPath === undefined ? { host, port } : { socketPath }),
      user,
      ...(password !== undefined && { password }),
      ...(client.connectTimeout && { connectTimeout: client.connectTimeout * 1_000 }),
      ...(tls && { ssl: tls }),
    },
    database: client.database,
    tls: tlsFlags,
  };
}
