import { ArgumentError, describe } from './errors';

/**
 * Checks a name that will be spliced into SQL: letters, digits, `_` and `$` only, so that it means the
 * same in every `sql_mode` and needs no escaping.
 */
export function identifier(argument: string, value: unknown, most: number): string {
  if (typeof value !== 'string' || !/^[A-Za-z_][\w$]*$/.test(value) || value.length > most) {
    throw new ArgumentError(
      argument,
      `a name of at most ${most} letters, digits, _ and $, not starting with a digit`,
      describe(value),
    );
  }
  return value;
}

/** Checks what the routines' names start with: names may have 64 characters, and the longest needs room. */
export function routinePrefix(argument: string, value: unknown): string {
  return identifier(argument, value ?? 'sess_', 20);
}
