import { ArgumentError } from '../../errors';
import { maxAttributeLength } from '../../options/attributes';
import { describe } from '../../util/describe';

/** The type of an attribute's column, and the SQL that converts values to it. */
export interface AttributeType {
  /** The type in the definition of a column or variable. */
  readonly definition: string;
  /** The type in the catalog: type and collation. */
  readonly shown: string;
  /** Returns an expression: the JSON value of `json` if it has this type and fits, else NULL. */
  ofJson(json: string): string;
  /** Returns an expression: the value that the text variable contains if it fits, else NULL. */
  ofText(text: string): string;
}

const ranges = {
  INT: ['-2147483648', '2147483647'],
  'INT UNSIGNED': ['0', '4294967295'],
  BIGINT: ['-9223372036854775808', '9223372036854775807'],
  'BIGINT UNSIGNED': ['0', '18446744073709551615'],
} as const;

/**
 * Returns the type in its normal form: uppercase, single blanks.
 *
 * @throws {ArgumentError} if an attribute can't have the type
 */
export function parseAttributeType(type: unknown): string {
  const name = String(type)
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/ ?\( ?(\d+) ?\)$/, '($1)')
    .toUpperCase();
  if (typeof type !== 'string' || !(isInteger(name) || lengthOf(name) !== undefined)) {
    throw new ArgumentError(
      'type',
      `VARCHAR(n) with n from 1 to ${maxAttributeLength}, or one of ${Object.keys(ranges).join(', ')}`,
      describe(type),
    );
  }
  return name;
}

/** @param name in the normal form of {@link parseAttributeType} */
export function getAttributeType(name: string): AttributeType {
  return isInteger(name) ? integerType(name) : textType(lengthOf(name) ?? 0);
}

function isInteger(name: string): name is keyof typeof ranges {
  return Object.hasOwn(ranges, name);
}

function lengthOf(name: string): number | undefined {
  const length = Number(/^VARCHAR\(([1-9]\d{0,2})\)$/.exec(name)?.[1]);
  return length <= maxAttributeLength ? length : undefined;
}

// Integers fit a text column, too: an application may store a user id as either. The pattern
// excludes 1e3, which MariaDB calls an integer.
function textType(length: number): AttributeType {
  const ifFits = (condition: string, value: string) =>
    `IF(${condition} <= ${length}, ${value}, NULL)`;
  return {
    definition: `VARCHAR(${length}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
    shown: `varchar(${length}) utf8mb4_bin`,
    ofJson: (json) => {
      const value = `JSON_UNQUOTE(${json})`;
      const type = `JSON_TYPE(${json})`;
      const isWhole = `${type} IN ('INTEGER', 'UNSIGNED INTEGER') AND ${value} REGEXP '^-?[0-9]+$'`;
      return ifFits(`(${type} = 'STRING' OR ${isWhole}) AND CHAR_LENGTH(${value})`, value);
    },
    ofText: (variable) => ifFits(`CHAR_LENGTH(${variable})`, variable),
  };
}

// The pattern excludes 1e3, which MariaDB calls an integer, and numbers that no DECIMAL can hold.
function integerType(name: keyof typeof ranges): AttributeType {
  const [least, most] = ranges[name];
  const fits = (digits: string) =>
    `${digits} REGEXP '^-?[0-9]{1,20}$' AND CAST(${digits} AS DECIMAL(20, 0)) BETWEEN ${least} AND ${most}, ` +
    `CAST(${digits} AS DECIMAL(20, 0)), NULL)`;
  return {
    definition: name,
    shown: name.toLowerCase(),
    ofJson: (json) =>
      `IF(JSON_TYPE(${json}) IN ('INTEGER', 'UNSIGNED INTEGER') AND ${fits(`JSON_UNQUOTE(${json})`)}`,
    ofText: (variable) => `IF(${fits(variable)}`,
  };
}
