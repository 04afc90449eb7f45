import { ArgumentError } from '../errors';
import { describe } from '../util/describe';

/**
 * The modes of the mysql client, without its PREFERRED. An attacker can turn that one into
 * DISABLED.
 * https://dev.mysql.com/doc/refman/en/connection-options.html#option_general_ssl-mode
 */
export const sslModes = ['DISABLED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'] as const;

export type SslMode = (typeof sslModes)[number];

/** How mysql2 checks the server's certificate. */
export interface TlsVerification {
  readonly rejectUnauthorized: boolean;
  readonly verifyIdentity: boolean;
}

/**
 * Parses a mode in any letter case.
 *
 * @throws {ArgumentError} that names `argument`
 */
export function parseSslMode(argument: string, text: string): SslMode {
  const mode = sslModes.find((known) => known === text.toUpperCase());
  if (mode === undefined) {
    throw new ArgumentError(argument, `one of ${sslModes.join(', ')}`, describe(text));
  }
  return mode;
}

/** Returns the TLS settings for a mode, or false for a connection without TLS. */
export function tlsVerification(mode: SslMode): TlsVerification | false {
  return (
    mode !== 'DISABLED' && {
      rejectUnauthorized: mode !== 'REQUIRED',
      verifyIdentity: mode === 'VERIFY_IDENTITY',
    }
  );
}

/** Parts of the names by which drivers, clients and hosting companies ask for TLS. */
const tlsName = /ssl|tls|cert|encrypt|keystore|truststore|securetransport/;

/**
 * Refuses names that ask for TLS and that the driver would ignore, in any spelling: `sslmode`,
 * `useSSL`, `tls`, `ssl_ca`. The driver knows `ssl` alone.
 *
 * @param names of settings, or of the parameters of a URL
 * @throws {ArgumentError} that names `argument`
 */
export function assertTlsIsKnown(argument: string, names: readonly string[]): void {
  const unknown = names.find(
    (name) => name !== 'ssl' && tlsName.test(name.toLowerCase().replaceAll(/[-_.]/g, '')),
  );
  if (unknown !== undefined) {
    throw new ArgumentError(
      argument,
      'a connection with the parameter ssl-mode in its URL (REQUIRED, VERIFY_CA or ' +
        "VERIFY_IDENTITY), or with mysql2's setting ssl",
      `one with ${unknown}, which the driver ignores, so the connection would not be encrypted`,
    );
  }
}
