import { ArgumentError, describe } from './errors';

/** The names of the mysql client, but for its PREFERRED, which an attacker can turn into DISABLED. */
export const sslModes = ['DISABLED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'] as const;

export type SslMode = (typeof sslModes)[number];

/** How mysql2 checks the server's certificate. */
export interface Verification {
  readonly rejectUnauthorized: boolean;
  readonly verifyIdentity: boolean;
}

/** @throws {ArgumentError} that names `argument`, for anything but one of the modes, in any letter case */
export function parseSslMode(argument: string, text: string): SslMode {
  const mode = sslModes.find((known) => known === text.toUpperCase());
  if (mode === undefined) {
    throw new ArgumentError(argument, `one of ${sslModes.join(', ')}`, describe(text));
  }
  return mode;
}

/** What a mode asks of a connection; false where it is no TLS. */
export function verificationOf(mode: SslMode): Verification | false {
  return (
    mode !== 'DISABLED' && {
      rejectUnauthorized: mode !== 'REQUIRED',
      verifyIdentity: mode === 'VERIFY_IDENTITY',
    }
  );
}
