import { ArgumentError, DatabaseError, InstallationError } from './errors';
import { hasLoneSurrogate, jsonDepth } from './json-text';
import { contract, type Version } from './routines';
import { errno, isJsonTextRefused } from './servers';

/** What a session's text may not exceed on a server. */
export type Limits = Pick<Version, 'jsonDepth' | 'maxAllowedPacket'>;

/** @throws {InstallationError} where calls would fail or be lost, with the remedy */
export function assertServes(version: Version): void {
  if (version.contract < contract) {
    throw new InstallationError(
      `The routines speak version ${version.contract} of their contract, and this version of the package ` +
        `works with ${contract}: a DBA upgrades them with knex-mysql-session migrate`,
    );
  }
  if (!version.autocommit) {
    throw new InstallationError(
      'The connection has autocommit off, so that nothing would ever be stored: set autocommit=1 on the server',
    );
  }
}

/**
 * A statement that is too long would cost the connection. Bytes go as hexadecimal, two characters each.
 *
 * @throws {ArgumentError}
 */
export function assertFits(sess: string, { maxAllowedPacket }: Limits): void {
  const aroundIt = 1_024;
  const most = Math.floor((maxAllowedPacket - aroundIt) / 2);
  const length = Buffer.byteLength(sess);
  if (length > most) {
    throw new ArgumentError(
      'session',
      `at most ${most} bytes of JSON text on this server, whose max_allowed_packet is ${maxAllowedPacket}`,
      `${length} bytes`,
    );
  }
}

/**
 * What is wrong with a text that the server refused; undefined for any other failure. Only then is the text
 * searched for the reason, as almost every text is taken.
 */
export function refusedText(cause: unknown, sess: string, limits: Limits): ArgumentError | undefined {
  if (!(cause instanceof DatabaseError)) {
    return undefined;
  }
  const isRefused = isJsonTextRefused(cause.errno);
  // So does a routine complain that can't read a list with parts of the text.
  if (!isRefused && cause.errno !== errno.signal) {
    return undefined;
  }
  const depth = jsonDepth(sess);
  if (depth > limits.jsonDepth) {
    const expected = `nested at most ${limits.jsonDepth} levels deep on this server`;
    return new ArgumentError('session', expected, `${depth} levels`, { cause });
  }
  if (hasLoneSurrogate(sess)) {
    return new ArgumentError('session', 'well-formed Unicode', 'half of a surrogate pair', { cause });
  }
  const expected = 'JSON text that the server takes';
  const got = `one that it refuses: ${cause.message}`;
  return isRefused ? new ArgumentError('session', expected, got, { cause }) : undefined;
}
