import { defaultPrefix } from '../contract';
import { parseIdentifier } from '../util/identifiers';

/**
 * A routine's name has at most 64 characters. This leaves room for the longest name of a routine.
 */
const maxLength = 20;

/**
 * Checks the prefix of the routines' names. `undefined` becomes the default.
 *
 * @throws {ArgumentError} that names `argument`
 */
export function parseRoutinePrefix(argument: string, value: unknown): string {
  return parseIdentifier(argument, value ?? defaultPrefix, maxLength);
}
