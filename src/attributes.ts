import { ArgumentError, describe, describeKind } from './errors';

/** What an attribute's values are in the sessions of an application. */
export type AttributeKind = 'string' | 'number';

/** The attributes that an application knows of, by their names. */
export type AttributeKinds = Readonly<Record<string, AttributeKind>>;

/** No attributes: nothing can be found. */
export type NoAttributes = Readonly<Record<never, AttributeKind>>;

/** The value of an attribute, as the application declared it. */
export type AttributeValue<Kind extends AttributeKind> = Kind extends 'number' ? number : string;

/** The right to one of the two routines of an attribute: `find_user_id`, `destroy_user_id`. */
export type AttributeRole = `find_${string}` | `destroy_${string}`;

/** The attribute that a role is about, if it is about one. */
export function attributeOf(role: string): string | undefined {
  return /^(?:find|destroy)_([a-z][a-z0-9_]*)$/.exec(role)?.[1];
}

/** The most characters that an attribute's text may have. */
export const longestText = 255;

/**
 * Checks the name of an attribute, which is that of its column and part of its routines' names.
 *
 * @throws {ArgumentError}
 */
export function attributeName(argument: string, value: unknown): string {
  // In a routine, a column of a name that starts with p_ or v_ could be read as a parameter or a variable.
  if (typeof value !== 'string' || !/^(?![pv]_)[a-z][a-z0-9_]{0,29}$/.test(value)) {
    throw new ArgumentError(
      argument,
      "an attribute's name: at most 30 of a-z, 0-9 and _, starting with a letter, and not with p_ or v_",
      describe(value),
    );
  }
  return value;
}

/** Checks the option `attributes`. */
export function attributeKinds(value: unknown): ReadonlyMap<string, AttributeKind> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ArgumentError('attributes', "an object such as { user_id: 'number' }", describe(value));
  }
  const kinds = Object.entries(value).map(([name, kind]): [string, AttributeKind] => {
    if (kind !== 'string' && kind !== 'number') {
      throw new ArgumentError(
        `attributes.${attributeName('attributes', name)}`,
        "'string' or 'number'",
        describe(kind),
      );
    }
    return [attributeName('attributes', name), kind];
  });
  return new Map(kinds);
}

/**
 * The text that the routines of an attribute take for a value.
 *
 * @throws {ArgumentError} for a value that is not of the kind
 */
export function attributeText(kind: AttributeKind, value: unknown): string {
  // The message does not show what came: it may say who somebody is.
  if (kind === 'number') {
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
      throw new ArgumentError('value', 'a whole number that JavaScript holds exactly', describeKind(value));
    }
    return BigInt(value).toString();
  }
  if (typeof value !== 'string' || /\p{Surrogate}/u.test(value)) {
    throw new ArgumentError('value', 'a string of well-formed Unicode', describeKind(value));
  }
  return value;
}
