import type { ConnectionOptions } from '../database';
import { askPassword } from './password';
import { parseServerUrl } from './server-url';
import { type TlsFlags, tlsOf } from './tls';
import { explainConnectionError } from './unreachable';

export interface ConnectionFlags extends TlsFlags {
  readonly url?: string;
  readonly password?: boolean;
  readonly socket?: string;
}

/** Runs `work` with the settings that the options and the environment give. */
export async function connected<T>(
  flags: ConnectionFlags,
  work: (connection: ConnectionOptions) => Promise<T>,
): Promise<T> {
  const url = parseServerUrl(flags.url);
  const settings = await settingsOf(url, flags);
  try {
    return await work(settings);
  } catch (error) {
    throw explainConnectionError(error, flags.socket ?? `${url.hostname || 'localhost'}:${url.port || 3306}`);
  }
}

async function settingsOf(url: URL, flags: ConnectionFlags): Promise<ConnectionOptions> {
  const tls = tlsOf({ ...sslModeIn(url), ...flags });
  const password = await passwordOf(url, flags);
  // The driver prefers what stands beside the URL, unless that is false or empty.
  const uri = new URL(url);
  uri.searchParams.delete('ssl-mode');
  if (tls !== undefined) {
    uri.searchParams.delete('ssl');
  }
  return {
    uri: uri.href,
    ...(password !== undefined && { password }),
    ...(flags.socket !== undefined && { socketPath: flags.socket }),
    ...(tls && { ssl: tls }),
  };
}

// Hosting companies hand out URLs that ask for TLS so; the driver would ignore it and go without.
function sslModeIn(url: URL): TlsFlags {
  const sslMode = url.searchParams.get('ssl-mode');
  return sslMode === null ? {} : { sslMode };
}

async function passwordOf(url: URL, flags: ConnectionFlags): Promise<string | undefined> {
  if (flags.password) {
    return askPassword(decodeURIComponent(url.username));
  }
  return url.password === '' ? process.env.MYSQL_PWD : undefined;
}
