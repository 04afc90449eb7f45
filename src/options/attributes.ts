import { ArgumentError } from '../errors';
import { describe, describeKind } from '../util/describe';

/** The type that an application uses for an attribute's values. */
export type AttributeKind = 'string' | 'number';

/** The attributes that an application uses, by their names. */
export type AttributeKinds = Readonly<Record<string, AttributeKind>>;

/** No attributes: `findBy` and its siblings accept no name. */
export type NoAttributes = Readonly<Record<never, AttributeKind>>;

/** The value of an attribute, in the type that the application declared. */
export type AttributeValue<Kind extends AttributeKind> = Kind extends 'number' ? number : string;

/** The longest text value of an attribute, in characters. */
export const maxAttributeLength = 255;

/**
 * Checks the name of an attribute. Its column has this name, and its routines' names contain it.
 *
 * @throws {ArgumentError} for anything but a valid name
 */
export function parseAttributeName(argument: string, value: unknown): string {
  // In a routine, a column named p_… or v_… could be read as a parameter or a variable.
  if (typeof value !== 'string' || !/^(?![pv]_)[a-z][a-z0-9_]{0,29}$/.test(value)) {
    throw new ArgumentError(
      argument,
      'an attribute name: at most 30 of a-z, 0-9 and _, starting with a letter, but not p_ or v_',
      describe(value),
    );
  }
  return value;
}

/** Checks the option `attributes`. */
export function parseAttributeKinds(value: unknown): ReadonlyMap<string, AttributeKind> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ArgumentError(
      'attributes',
      "an object such as { user_id: 'number' }",
      describe(value),
    );
  }
  const kinds = Object.entries(value).map(([name, kind]): [string, AttributeKind] => {
    if (kind !== 'string' && kind !== 'number') {
      throw new ArgumentError(
        `attributes.${parseAttributeName('attributes', name)}`,
        "'string' or 'number'",
        describe(kind),
      );
    }
    return [parseAttributeName('attributes', name), kind];
  });
  return new Map(kinds);
}

/**
 * Returns a value as the text that the routines of an attribute take.
 *
 * @throws {ArgumentError} for a value of another type
 */
export function formatAttributeValue(kind: AttributeKind, value: unknown): string {
  // The error does not show the value: it may identify a person.
  if (kind === 'number') {
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
      throw new ArgumentError('value', 'a safe integer', describeKind(value));
    }
    return BigInt(value).toString();
  }
  if (typeof value !== 'string' || /\p{Surrogate}/u.test(value)) {
    throw new ArgumentError('value', 'a string of well-formed Unicode', describeKind(value));
  }
  return value;
}
