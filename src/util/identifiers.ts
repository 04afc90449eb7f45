import { ArgumentError } from '../errors';
import { describe } from './describe';

/**
 * Checks a name that becomes part of a statement. It may have letters, digits, `_` and `$`. Such a
 * name means the same in every `sql_mode` and needs no escaping.
 */
export function parseIdentifier(argument: string, value: unknown, maxLength: number): string {
  if (typeof value !== 'string' || !/^[A-Za-z_][\w$]*$/.test(value) || value.length > maxLength) {
    throw new ArgumentError(
      argument,
      `a name of at most ${maxLength} letters, digits, _ and $, not starting with a digit`,
      describe(value),
    );
  }
  return value;
}
