import { ArgumentError, describe, SessionFormatError } from './errors';

/** How a session becomes text and comes back. The text is stored in a JSON column. */
export interface Serializer<Session = object> {
  /** @returns JSON text; the server refuses anything else */
  stringify(session: Session): string;
  parse(text: string): Session;
}

/** @throws {ArgumentError} for anything but an object */
export function assertSession(session: unknown): void {
  if (typeof session !== 'object' || session === null) {
    throw new ArgumentError('session', 'an object', describe(session));
  }
}

/**
 * The session's text.
 *
 * @throws {ArgumentError} where it has none: a cycle, a BigInt
 */
export function serialize<Session>(serializer: Serializer<Session>, session: Session): string {
  assertSession(session);
  let text: unknown;
  try {
    text = serializer.stringify(session);
  } catch (cause) {
    throw new ArgumentError(
      'session',
      'an object that JSON can hold',
      `one that it can't: ${reason(cause)}`,
      { cause },
    );
  }
  if (typeof text !== 'string') {
    throw new ArgumentError(
      'serializer.stringify',
      'a function that gives JSON text',
      `one that gave ${describe(text)}`,
    );
  }
  return text;
}

/** @throws {SessionFormatError} where the text is not one that the serializer made */
export function deserialize<Session>(serializer: Serializer<Session>, text: string): Session {
  let session: Session;
  try {
    session = serializer.parse(text);
  } catch {
    // What the parser says may quote the session's text, which is nobody's business in a log.
    throw new SessionFormatError(`The serializer can't read the session's text of ${text.length} characters`);
  }
  if (typeof session !== 'object' || session === null) {
    throw new SessionFormatError(`Expected the session's text to be a JSON object, got ${describe(session)}`);
  }
  return session;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : describe(error);
}
