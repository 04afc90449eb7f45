import { readFileSync } from 'node:fs';
import { ArgumentError, describe } from '../errors';
import { parseSslMode, type SslMode, type Verification, verificationOf } from '../ssl-mode';

export interface TlsFlags {
  readonly sslMode?: string;
  readonly sslCa?: string;
  readonly sslCert?: string;
  readonly sslKey?: string;
}

/** mysql2's settings for TLS. */
export interface Tls extends Verification {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** What the options ask for: false where it is no TLS, undefined where they say nothing of it. */
export function tlsOf(flags: TlsFlags): Tls | false | undefined {
  if ((flags.sslCert === undefined) !== (flags.sslKey === undefined)) {
    throw new ArgumentError('sslCert', 'given together with --ssl-key', 'one without the other');
  }
  const mode = modeOf(flags);
  const verification = mode && verificationOf(mode);
  if (!verification) {
    return verification;
  }
  return {
    ...(flags.sslCa !== undefined && { ca: read('sslCa', flags.sslCa) }),
    ...(flags.sslCert !== undefined && { cert: read('sslCert', flags.sslCert) }),
    ...(flags.sslKey !== undefined && { key: read('sslKey', flags.sslKey) }),
    ...verification,
  };
}

// As in MySQL's manual, an authority's certificate alone means that the server's is checked against it.
function modeOf({ sslMode, sslCa, sslCert }: TlsFlags): SslMode | undefined {
  if (sslMode === undefined) {
    return sslCa !== undefined ? 'VERIFY_CA' : sslCert !== undefined ? 'REQUIRED' : undefined;
  }
  return parseSslMode('sslMode', sslMode);
}

function read(argument: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ArgumentError(argument, 'a file that can be read', `${describe(path)} (${Object(error).code})`);
  }
}
