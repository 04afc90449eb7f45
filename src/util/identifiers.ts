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

/** Formats the name of a database, table or account for a statement. */
export function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** @throws {ArgumentError} if the server could have no database of this name */
export function parseDatabaseName(argument: string, name: unknown): string {
  if (
    typeof name !== 'string' ||
    !/^[^\p{Cc}\p{Cs}\u{10000}-\u{10ffff}]{1,64}$/u.test(name) ||
    name.endsWith(' ')
  ) {
    const expected = 'the name of a database: 1 to 64 characters, the last one no blank';
    throw new ArgumentError(argument, expected, name === '' ? 'no name' : describe(name));
  }
  return name;
}

/** Formats the name of a database or object as a word of a command to paste into a shell. */
export function quoteForShell(name: string): string {
  return /^[\w-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}
