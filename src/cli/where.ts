import { attributeName, longestText } from '../attributes';
import { ArgumentError } from '../errors';

/** Which sessions a command is about: those whose attribute has the value. */
export interface Condition {
  readonly attribute: string;
  readonly value: string;
}

/** Reads `user_id=42`; all after the first equals sign is the value, blanks and all. */
export function parseWhere(text: string): Condition {
  const at = text.indexOf('=');
  const value = text.slice(at + 1);
  if (at < 0 || value.length > 2 * longestText) {
    throw new ArgumentError(
      'where',
      `an attribute and its value, such as user_id=42, of at most ${longestText} characters`,
      at < 0 ? 'one without an equals sign' : `a value of ${value.length} characters`,
    );
  }
  return { attribute: attributeName('where', text.slice(0, at)), value };
}
