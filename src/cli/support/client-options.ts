import { parseSslMode, type SslMode } from '../../database/ssl-mode';
import { ArgumentError } from '../../errors';
import { describe } from '../../util/describe';
import type { TlsFlags } from './command-options';
import type { FileOption } from './option-file';
import { ownGroup } from './option-files';
import { parseWholeNumber } from './parsers';

/** A connection as option files describe it. */
export interface ClientOptions {
  readonly host: string | undefined;
  readonly port: number | undefined;
  /** The Unix socket, if the connection uses one. */
  readonly socket: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Whether `password` has no value, which asks for it. */
  readonly asksPassword: boolean;
  readonly database: string | undefined;
  /** In seconds. */
  readonly connectTimeout: number | undefined;
  readonly tls: TlsFlags;
}

const booleanOptions = ['ssl', 'ssl-verify-server-cert'];

const knownOptions = [
  ...['host', 'port', 'socket', 'protocol', 'user', 'password', 'database', 'connect-timeout'],
  ...['ssl-mode', 'ssl-ca', 'ssl-cert', 'ssl-key', ...booleanOptions],
];

/**
 * Returns the connection that the options describe. Ignores what other programs need, but no option
 * that asks for TLS: the connection would be weaker than the file says.
 *
 * @param flags TLS options of the command line, which replace those of the files
 * @throws {ArgumentError} that names the file and the line
 */
export function parseClientOptions(
  fileOptions: readonly FileOption[],
  flags: TlsFlags = {},
): ClientOptions {
  const options = lastValues(fileOptions);
  const text = (name: string) => textOf(options.get(name));
  const number = (name: string, max: number) => numberOf(options.get(name), max);
  return {
    host: text('host'),
    port: number('port', 65_535),
    socket: socketOf(options),
    user: text('user'),
    password: options.get('password')?.value,
    asksPassword: options.has('password') && options.get('password')?.value === undefined,
    database: text('database'),
    connectTimeout: number('connect-timeout', 86_400),
    tls: tlsOf(options, flags),
  };
}

type Options = ReadonlyMap<string, FileOption>;

function lastValues(fileOptions: readonly FileOption[]): Options {
  const options = new Map<string, FileOption>();
  for (const option of fileOptions) {
    const { name, value } = normalize(option);
    if (knownOptions.includes(name)) {
      options.set(name, { ...option, name, value });
    } else if (!/^loose[-_]/.test(option.name)) {
      assertIgnorable(option, name);
    }
  }
  return options;
}

/** Returns the name without prefixes. `skip-ssl` is `ssl=0`. */
function normalize(option: FileOption): Pick<FileOption, 'name' | 'value'> {
  const name = option.name.replaceAll('_', '-').replace(/^loose-/, '');
  const [, prefix, base] = /^(enable|disable|skip)-(.*)$/.exec(name) ?? [];
  return base !== undefined && booleanOptions.includes(base)
    ? { name: base, value: prefix === 'enable' ? '1' : '0' }
    : { name, value: option.value };
}

function assertIgnorable({ name: written, group, origin }: FileOption, name: string): void {
  if (!/^[\w.-]+$/.test(written)) {
    throw new ArgumentError(origin, 'an option, such as user=dba', 'none');
  }
  if (/^(?:ssl|tls)-/.test(name)) {
    const expected = `without ${name}, or with loose-${name}, which is ignored`;
    throw new ArgumentError(origin, expected, `${name}, which this program does not support`);
  }
  if (group.startsWith(ownGroup)) {
    throw new ArgumentError(origin, `one of ${knownOptions.join(', ')}`, describe(written));
  }
}

function textOf(option: FileOption | undefined): string | undefined {
  if (option && option.value === undefined) {
    throw new ArgumentError(option.origin, `${option.name} with a value`, 'none');
  }
  return option?.value || undefined;
}

// The servers' clients take 0 as the default.
function numberOf(option: FileOption | undefined, max: number): number | undefined {
  const value = textOf(option);
  return option && value
    ? parseWholeNumber(`${option.name} in ${option.origin}`, value, { min: 0, max }) || undefined
    : undefined;
}

/** As in the servers' clients, a socket is for this machine, unless `protocol` says otherwise. */
function socketOf(options: Options): string | undefined {
  const socket = textOf(options.get('socket'));
  const option = options.get('protocol');
  const protocol = textOf(option)?.toLowerCase();
  if (option === undefined || protocol === undefined) {
    const host = textOf(options.get('host')) ?? 'localhost';
    return host === 'localhost' ? socket : undefined;
  }
  if (protocol !== 'tcp' && protocol !== 'socket') {
    throw new ArgumentError(`protocol in ${option.origin}`, 'tcp or socket', describe(protocol));
  }
  if (protocol === 'socket' && socket === undefined) {
    throw new ArgumentError(option.origin, 'in a file with socket=PATH', 'protocol=socket alone');
  }
  return protocol === 'socket' ? socket : undefined;
}

function tlsOf(options: Options, flags: TlsFlags): TlsFlags {
  const [sslCa, sslCert, sslKey] = ['ssl-ca', 'ssl-cert', 'ssl-key'].map((name) =>
    textOf(options.get(name)),
  );
  const sslMode = flags.sslMode === undefined ? modeOf(options, flags) : undefined;
  return {
    ...(sslMode && { sslMode }),
    ...(sslCa && { sslCa }),
    ...(sslCert && { sslCert }),
    ...(sslKey && { sslKey }),
  };
}

/** Undefined leaves the choice to the certificates. */
function modeOf(options: Options, { sslCa, sslCert }: TlsFlags): SslMode | undefined {
  const mode = options.get('ssl-mode');
  const text = textOf(mode);
  if (mode && text) {
    return parseSslMode(`ssl-mode in ${mode.origin}`, text);
  }
  if (booleanOf(options.get('ssl-verify-server-cert'))) {
    return 'VERIFY_IDENTITY';
  }
  // A certificate on the command line asks for more than the files do.
  return sslCa === undefined && sslCert === undefined ? modeOfMariaDb(options) : undefined;
}

function modeOfMariaDb(options: Options): SslMode | undefined {
  const isOn = booleanOf(options.get('ssl'));
  if (isOn === false) {
    return 'DISABLED';
  }
  if (options.has('ssl-ca') || options.has('ssl-cert')) {
    return options.has('ssl-verify-server-cert') ? 'REQUIRED' : undefined;
  }
  return isOn ? 'REQUIRED' : undefined;
}

function booleanOf(option: FileOption | undefined): boolean | undefined {
  const value = option && (option.value ?? '1').toLowerCase();
  if (option === undefined || value === undefined) {
    return undefined;
  }
  if (!['1', 'on', 'true', '0', 'off', 'false'].includes(value)) {
    const expected = '1, ON, TRUE, 0, OFF or FALSE';
    throw new ArgumentError(`${option.name} in ${option.origin}`, expected, describe(value));
  }
  return ['1', 'on', 'true'].includes(value);
}
