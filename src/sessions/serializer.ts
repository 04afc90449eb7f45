import { ArgumentError, SessionFormatError } from '../errors';
import type { Serializer } from '../options/store-options';
import { describeKind } from '../util/describe';

/** @throws {ArgumentError} for a value that is not an object */
export function assertSession(session: unknown): void {
  if (typeof session !== 'object' || session === null) {
    throw new ArgumentError('session', 'an object', describeKind(session));
  }
}

/**
 * Returns the session's text.
 *
 * @throws {ArgumentError} for a session that the serializer rejects, such as one with a cycle
 */
export function serialize<Session>(serializer: Serializer<Session>, session: Session): string {
  assertSession(session);
  let text: unknown;
  try {
    text = serializer.stringify(session);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : describeKind(cause);
    const got = `an object that is not: ${reason}`;
    throw new ArgumentError('session', 'serializable', got, { cause });
  }
  if (typeof text !== 'string') {
    const got = `one that returned ${describeKind(text)}`;
    throw new ArgumentError('serializer.stringify', 'a function that returns JSON text', got);
  }
  return text;
}

/** @throws {SessionFormatError} for a text that the serializer rejects or that is not an object */
export function deserialize<Session>(serializer: Serializer<Session>, text: string): Session {
  let session: Session;
  try {
    session = serializer.parse(text);
  } catch {
    // The parser's error can quote the session's data. Do not show it in a log.
    throw new SessionFormatError(
      `The serializer cannot parse the session's text of ${text.length} characters`,
    );
  }
  if (typeof session !== 'object' || session === null) {
    throw new SessionFormatError(
      `Expected the session's text to be a JSON object, got ${describeKind(session)}`,
    );
  }
  return session;
}
