import { ArgumentError, describe } from '../errors';

/** Reads an option that is a whole number, 1 or more. */
export function parseWholeNumber(argument: string, text: string): number {
  const most = 2 ** 31 - 1;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > most) {
    throw new ArgumentError(argument, `a whole number, 1 to ${most}`, describe(text));
  }
  return number;
}
