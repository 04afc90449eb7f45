import { readFileSync } from 'node:fs';
import {
  parseSslMode,
  type SslMode,
  type TlsVerification,
  tlsVerification,
} from '../../database/ssl-mode';
import { ArgumentError } from '../../errors';
import { describe } from '../../util/describe';
import type { TlsFlags } from './command-options';

/** The TLS settings of mysql2. */
export interface TlsOptions extends TlsVerification {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Returns the TLS settings: `false` is no TLS, `undefined` leaves the choice to the URL. */
export function resolveTls(flags: TlsFlags): TlsOptions | false | undefined {
  if ((flags.sslCert === undefined) !== (flags.sslKey === undefined)) {
    throw new ArgumentError('sslCert', 'given together with --ssl-key', 'only one of them');
  }
  const mode = resolveMode(flags);
  const verification = mode && tlsVerification(mode);
  if (!verification) {
    return verification;
  }
  return {
    ...(flags.sslCa !== undefined && { ca: readPem('sslCa', flags.sslCa) }),
    ...(flags.sslCert !== undefined && { cert: readPem('sslCert', flags.sslCert) }),
    ...(flags.sslKey !== undefined && { key: readPem('sslKey', flags.sslKey) }),
    ...verification,
  };
}

// As in the mysql client, --ssl-ca alone means that the server's certificate is verified.
function resolveMode({ sslMode, sslCa, sslCert }: TlsFlags): SslMode | undefined {
  if (sslMode !== undefined) {
    return parseSslMode('sslMode', sslMode);
  }
  if (sslCa !== undefined) {
    return 'VERIFY_CA';
  }
  return sslCert === undefined ? undefined : 'REQUIRED';
}

function readPem(argument: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ArgumentError(
      argument,
      'a file that can be read',
      `${describe(path)} (${Object(error).code})`,
    );
  }
}
