import { errno, isJsonTextRefused } from '../database/error-codes';
import { ArgumentError, DatabaseError } from '../errors';
import type { ServerLimits } from '../routines/routine-access';
import { hasLoneSurrogate, jsonDepth } from '../util/json-text';

/** Bytes of a statement that are not the session's text. */
const statementOverhead = 1_024;

/**
 * Checks that the text fits into a statement. A statement that is too long costs the connection.
 *
 * @throws {ArgumentError}
 */
export function assertFits(text: string, limits: ServerLimits): void {
  if (!fits(text, limits)) {
    throw new ArgumentError(
      'session',
      `at most ${maxBytes(limits)} bytes of JSON text on this server, ` +
        `whose max_allowed_packet is ${limits.maxAllowedPacket}`,
      `${Buffer.byteLength(text)} bytes`,
    );
  }
}

/** Returns whether a text fits into a statement. */
export function fits(text: string, limits: ServerLimits): boolean {
  return Buffer.byteLength(text) <= maxBytes(limits);
}

/** Returns how many bytes fit into a statement, which has each as two hexadecimal digits. */
export function maxBytes({ maxAllowedPacket }: ServerLimits): number {
  return Math.floor((maxAllowedPacket - statementOverhead) / 2);
}

/**
 * Returns the reason why the server rejected the text, or undefined for another failure. The text
 * is searched only here, because the server accepts almost every text.
 */
export function explainRejection(
  cause: unknown,
  text: string,
  limits: ServerLimits,
): ArgumentError | undefined {
  if (!(cause instanceof DatabaseError)) {
    return undefined;
  }
  const isRejected = isJsonTextRefused(cause.errno);
  // A routine signals this error if it cannot read a list that has parts of the text.
  if (!isRejected && cause.errno !== errno.signal) {
    return undefined;
  }
  const reject = (expected: string, got: string) =>
    new ArgumentError('session', expected, got, { cause });
  const depth = jsonDepth(text);
  if (depth > limits.jsonDepth) {
    return reject(
      `nested at most ${limits.jsonDepth} levels deep on this server`,
      `${depth} levels`,
    );
  }
  if (hasLoneSurrogate(text)) {
    return reject('well-formed Unicode', 'half of a surrogate pair');
  }
  return isRejected
    ? reject('JSON text that the server accepts', `text that it rejects: ${cause.message}`)
    : undefined;
}
