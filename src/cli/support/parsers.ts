import { ArgumentError } from '../../errors';
import type { EventOption } from '../../install';
import { maxEventInterval } from '../../install/install-config';
import { maxAttributeLength, parseAttributeName } from '../../options/attributes';
import { describe } from '../../util/describe';
import type { EventFlags } from './command-options';

/** The sessions whose attribute has this value. */
export interface Condition {
  readonly attribute: string;
  readonly value: string;
}

/** Parses an option that must be a whole number. `argument` is its name in camel case. */
export function parseWholeNumber(
  argument: string,
  text: string,
  { min = 1, max = 2 ** 31 - 1 } = {},
): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < min || number > max) {
    throw new ArgumentError(argument, `a whole number, ${min} to ${max}`, describe(text));
  }
  return number;
}

/** Parses `user_id=42`. The value is everything after the first equals sign. */
export function parseCondition(text: string): Condition {
  const separator = text.indexOf('=');
  const value = text.slice(separator + 1);
  if (separator < 0 || value.length > 2 * maxAttributeLength) {
    throw new ArgumentError(
      'where',
      `an attribute and its value, such as user_id=42, of at most ${maxAttributeLength} characters`,
      separator < 0 ? 'no equals sign' : `a value of ${value.length} characters`,
    );
  }
  return { attribute: parseAttributeName('where', text.slice(0, separator)), value };
}

/** Parses the flags of the cleanup event. `undefined` keeps the event as installed. */
export function parseEventFlags({ event, every }: EventFlags): EventOption | undefined {
  if (every === undefined) {
    return event;
  }
  if (event === false) {
    throw new ArgumentError('every', 'given without --no-event', 'both');
  }
  return { every: parseWholeNumber('every', every, { max: maxEventInterval }) };
}
